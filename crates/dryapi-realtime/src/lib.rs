//! dryAPI's push channel: job updates over the Pusher protocol.
