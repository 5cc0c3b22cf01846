//! A stateful emulator of dryAPI.
mod random;
mod works;
