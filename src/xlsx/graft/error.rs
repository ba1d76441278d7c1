//! Why a package cannot be grafted, and what a person should know when it can.
//!
//! Kinds only: the sentences people read are made elsewhere.

/// Why a package was left alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraftError {
    /// The file is protected with a password to open.
    #[error("the file is encrypted")]
    Encrypted,
    /// The file was saved as Strict Open XML.
    #[error("the file is Strict Open XML")]
    Strict,
    /// The bytes are another format: what was recognised.
    #[error("not an Open XML workbook: {0}")]
    NotOoxml(&'static str),
    /// A part that must be read cannot be read: which one, and why.
    #[error("the package is damaged: {0}")]
    Damaged(String),
    /// The workbook lists no sheet.
    #[error("the workbook has no sheets")]
    NoSheets,
    /// More entries, or larger ones, than any honest workbook has.
    #[error("the package is too large")]
    TooLarge,
    /// The workbook has so many cell formats that there is no room for ours.
    #[error("the workbook has too many cell formats")]
    ManyFormats,
    /// Our own sheets hold something that cannot be carried over: a fault of this program.
    #[error("the generated sheets cannot be added: {0}")]
    Addition(String),
}

/// Something about a grafted package that a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraftNote {
    /// The file carried a digital signature, which no longer holds.
    SignatureBroken,
    /// The workbook's structure is protected: people cannot move or delete our sheets.
    StructureProtected,
    /// The workbook is shared in the old way, with a log of changes.
    SharedWorkbook,
    /// Our first sheet was not made the active tab: a sheet of the user's is marked as selected and cannot be read,
    /// and two selected tabs would be edited together.
    ActiveTabKept,
    /// Marks were meant for a sheet that the workbook does not have (or that is no worksheet).
    NoSuchSheet(String),
    /// A sheet that should carry marks cannot be read, and why.
    UnreadableSheet(String, String),
    /// The sheet already has comments or form controls, so no notes were put on these cells.
    NotesSkipped(String, Vec<crate::cell::CellRef>),
}

pub(super) type Result<T> = std::result::Result<T, GraftError>;

pub(super) fn damaged<T>(part: &str, why: impl std::fmt::Display) -> Result<T> {
    Err(GraftError::Damaged(format!("{part}: {why}")))
}
