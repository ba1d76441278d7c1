//! One campaign's workbook as typed values.
//!
//! Every table is a list of rows (a form is at most one), every field keeps
//! its cell, and blank stays blank. Nothing here judges or shows.

use crate::catalogue::record::{Identity, Records};

pub mod bind;
mod choices;
#[cfg(test)]
pub mod fixture;
mod outcome;
mod plan;
mod retrospective;
mod run;
mod start;
mod vocabulary;

pub use choices::*;
pub use outcome::*;
pub use plan::*;
pub use retrospective::*;
pub use run::*;
pub use start::*;

macro_rules! campaign {
    (forms { $($form:ident: $form_type:ident),* $(,)? } lists { $($list:ident: $list_type:ident),* $(,)? }) => {
        /// Everything one workbook says about its campaign.
        #[derive(Debug, Clone, Default)]
        #[allow(missing_docs)]
        pub struct Campaign {
            /// Who the workbook says it is.
            pub identity: Identity,
            $(pub $form: Option<$form_type>,)*
            $(pub $list: Vec<$list_type>,)*
        }

        /// Binds records to the campaign's structs.
        pub fn bind(records: &Records) -> Campaign {
            use bind::Bind;
            let mut campaign = Campaign {
                identity: records.identity.clone(),
                $($form: rows(records, $form_type::TABLE).next().map($form_type::bind),)*
                $($list: rows(records, $list_type::TABLE).map($list_type::bind).collect(),)*
            };
            campaign.results.extend(by_period(&campaign.weekly));
            campaign
        }

        /// Every table with the columns the structs bind.
        pub const BOUND: &[(&str, &[(&str, &[crate::catalogue::Kind])])] = &[
            $((<$form_type as bind::Bind>::TABLE, <$form_type as bind::Bind>::COLUMNS),)*
            $((<$list_type as bind::Bind>::TABLE, <$list_type as bind::Bind>::COLUMNS),)*
        ];
    };
}

campaign! {
    forms { basics: Basics, strategy: Strategy, summary: Summary }
    lists {
        team: TeamMember,
        materials: Material,
        demand: Demand,
        competitors: Competitor,
        kpis: Kpi,
        phases: Phase,
        budget: BudgetLine,
        approvals: Approval,
        risk_plan: PlannedRisk,
        tasks: Task,
        progress: Progress,
        risk_log: Incident,
        daily: Day,
        staffing: Staffing,
        results: ResultRow,
        weekly: WeekRow,
        channels: Channel,
        funnel: Stage,
        sales: SalesLine,
        categories: Category,
        users: UserLine,
        traffic: TrafficLine,
        interactions: Interaction,
        promotions: Promotion,
        costs: Cost,
        marginal: Increment,
        service: ServiceLevel,
        feedback: Feedback,
        process: ProcessNote,
        problems: Problem,
        lessons: Lesson,
        teamwork: TeamworkScore,
        actions: Action,
    }
}

fn rows<'a>(records: &'a Records, table: &str) -> impl Iterator<Item = &'a crate::catalogue::record::Record> {
    records.tables.get(table).into_iter().flat_map(|table| &table.rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn structs_and_declarations_name_the_same_columns() {
        let catalogue = Catalogue::shipped();
        let mut wrong = Vec::new();
        for (table, columns) in BOUND {
            let Some(declared) = catalogue.tables.get(*table) else {
                wrong.push(format!("no table {table}"));
                continue;
            };
            for (id, kinds) in *columns {
                match declared.column(id) {
                    None => wrong.push(format!("no column {table}.{id}")),
                    Some(column) if !kinds.contains(&column.kind) => {
                        wrong.push(format!("{table}.{id} is declared {:?}, bound as {kinds:?}", column.kind));
                    }
                    Some(_) => {}
                }
            }
            for column in &declared.columns {
                if !columns.iter().any(|(id, _)| *id == column.id) {
                    wrong.push(format!("{table}.{} is not bound", column.id));
                }
            }
        }
        for table in catalogue.tables.keys() {
            if !BOUND.iter().any(|(bound, _)| bound == table) {
                wrong.push(format!("table {table} is not bound"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
