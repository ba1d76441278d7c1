//! Loading the declarations.
