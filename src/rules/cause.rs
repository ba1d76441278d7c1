//! One cause met in several cells, told as one finding.

use super::Ctx;
use super::claims::names;
use crate::catalogue::record::Field;
use crate::cell::Place;
use crate::diagnostic::{Arg, Code, Finding, Sink};
use crate::expr::Expr;
use crate::mark::Mark;

/// Cells of one cause, collected while walking a table.
pub struct Cause<'a> {
    ctx: &'a Ctx<'a>,
    code: &'static Code,
    table: &'a str,
    column: &'a str,
    finding: Option<Finding>,
    names: Vec<String>,
    cells: usize,
}

impl<'a> Cause<'a> {
    /// Nothing met yet.
    pub fn new(ctx: &'a Ctx<'a>, code: &'static Code, table: &'a str, column: &'a str) -> Cause<'a> {
        Cause { ctx, code, table, column, finding: None, names: Vec::new(), cells: 0 }
    }

    /// Met at a field; where its column is missing, at the row. `name` is how a person calls the row.
    pub fn add<T>(&mut self, field: &Field<T>, row: &Place, name: &str) {
        self.cells += 1;
        self.names.push(name.to_owned());
        let place = field.at.as_ref().unwrap_or(row);
        self.finding = Some(match self.finding.take() {
            None => self.ctx.finding(self.code, self.table, self.column, field).at(place),
            Some(finding) => finding.also(place),
        });
    }

    /// The check as a condition on the field met last.
    pub fn when<T>(&mut self, field: &Field<T>, when: Option<Expr>) {
        if let (Some(finding), Some(at), Some(when)) = (&mut self.finding, &field.at, when) {
            finding.marks.push(Mark { at: at.clone(), when });
        }
    }

    /// Another cell to look at.
    pub fn related(&mut self, place: Option<&Place>) {
        if let (Some(finding), Some(place)) = (&mut self.finding, place)
            && !finding.related.contains(place)
        {
            finding.related.push(place.clone());
        }
    }

    /// Gives an argument of the message, if anything was met.
    pub fn arg(&mut self, name: &'static str, arg: Arg) {
        if let Some(finding) = &mut self.finding {
            finding.args.push((name, arg));
        }
    }

    /// What to type instead; kept only where a single cell is meant.
    pub fn suggest(&mut self, text: impl Into<String>) {
        if let Some(finding) = &mut self.finding {
            finding.suggestion = Some(text.into());
        }
    }

    /// The finding, if anything was met; `{names}` and `{count}` are there to use.
    pub fn finding(self) -> Option<Finding> {
        let mut finding = self.finding?;
        if self.cells > 1 {
            finding.suggestion = None;
        }
        let names = names(self.names.iter().map(String::as_str));
        Some(finding.arg("names", names).arg("count", Arg::Count(self.cells)))
    }

    /// Says it, if anything was met.
    pub fn report(self, sink: &mut Sink) {
        if let Some(finding) = self.finding() {
            sink.report(finding);
        }
    }
}
