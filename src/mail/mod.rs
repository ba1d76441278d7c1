//! Mails and archives as folders of attachments, and replies to be sent.
//!
//! A name is decoration here: whatever charset mangled it, what an attachment
//! is, its own bytes say. Nothing is opened that is not a workbook, and
//! nothing is sent.

mod outlook;
mod read;
mod write;

pub use read::{Attached, Kind, Oddity, Opened, kind, open};
pub use write::{Attachment, Draft, Sent, encoded_word, write};
