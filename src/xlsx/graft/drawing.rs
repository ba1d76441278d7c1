//! Our charts and drawings, rewritten for the user's package: renamed sheets,
//! and numbers of note shapes that no other sheet uses.

use super::error::Result;
use super::formula::Renames;
use super::sheet::renamed;
use super::splice::Edits;
use super::xml::Tree;

/// A chart or drawing with renamed sheets.
pub(super) fn rewrite(part: &str, text: &str, renames: &Renames) -> Result<String> {
    let tree = Tree::parse(part, text, usize::MAX)?;
    let mut edits = Edits::default();
    for element in tree.elements.iter().filter(|element| tree.local(element) == "f") {
        renamed(&tree, element, renames, &mut edits);
    }
    Ok(edits.apply(text))
}

/// The highest block of shape numbers that a drawing of notes has taken (1,024 numbers each).
pub(super) fn highest_block(text: &str) -> u32 {
    let Some((_, map)) = text.split_once("idmap") else { return 0 };
    let Some((_, list)) = map.split_once("data=") else { return 0 };
    let list: String =
        list.chars().skip(1).take_while(|c| c.is_ascii_digit() || matches!(c, ',' | ' ')).collect();
    list.split([',', ' ']).filter_map(|block| block.parse().ok()).max().unwrap_or(0)
}

/// A drawing of notes with its shapes numbered in another block.
pub(super) fn renumber(text: &str, block: u32) -> String {
    let old = highest_block(text);
    let mut parts = text.split("_x0000_s");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        result.push_str("_x0000_s");
        match part[..digits].parse::<u32>() {
            Ok(number) if number >= old.saturating_mul(1024) => {
                let number = number - old.saturating_mul(1024) + block.saturating_mul(1024);
                result.push_str(&number.to_string());
            }
            _ => result.push_str(&part[..digits]),
        }
        result.push_str(&part[digits..]);
    }
    result.replacen(&format!("data=\"{old}\""), &format!("data=\"{block}\""), 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn note_shapes_move_to_a_block_of_their_own() {
        let text = r##"<o:idmap v:ext="edit" data="1"/><v:shape id="_x0000_s1025" type="#_x0000_t202"/>"##;
        let moved = r##"<o:idmap v:ext="edit" data="7"/><v:shape id="_x0000_s7169" type="#_x0000_t202"/>"##;
        assert_eq!(renumber(text, 7), moved);
        assert_eq!(highest_block(moved), 7);
        assert_eq!(highest_block(r#"<o:idmap data="1,5"/>"#), 5);
    }
}
