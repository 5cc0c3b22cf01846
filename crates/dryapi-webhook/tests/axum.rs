//! What the service hears.
