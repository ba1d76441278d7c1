//! Adding our sheets to a user's package without touching the rest.
