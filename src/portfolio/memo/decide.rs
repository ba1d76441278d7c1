//! 需要拍板: what somebody has to decide – answers that differ, actions put off twice, budgets overrun.

use super::{EXECUTION, Memo, percent};
use crate::catalogue::Catalogue;
use crate::cell::CellRef;
use crate::document::Source;
use crate::page::Role;
use crate::record::decided::Verdict;
use crate::record::weeks::ActionWeek;

impl Memo<'_> {
    pub(super) fn decide(&mut self) {
        let mut points = self.conflicts();
        points.extend(self.put_off());
        points.extend(self.overrun());
        self.part("decide", points);
    }

    /// Answers that differ, those that move a key figure first.
    fn conflicts(&self) -> Vec<(Role, String, Vec<Source>)> {
        let title = crate::asked::words(self.lang).get("title");
        // A question's row is known by what it is asked as, in a column nobody sees.
        let source = |asked: &str| {
            let at = CellRef::new(self.holding(&title, asked).row, 0);
            Source { target: format!("{}#'{title}'!{at}", super::PORTFOLIO), cell: format!("{title}!{at}") }
        };
        let merges = self.portfolio.merges.iter();
        let mut pending: Vec<_> = merges
            .flat_map(|merge| merge.pending.iter().map(move |one| (merge.campaign.as_str(), one)))
            .collect();
        pending.sort_by_key(|(_, one)| one.effect.is_empty());
        let told = pending.into_iter().map(|(campaign, one)| {
            let table = Catalogue::shipped().tables.get(&one.table);
            let column = table.and_then(|table| table.columns.iter().find(|column| column.id == one.column));
            let place = [
                table.map(|table| table.label.get(self.lang).to_owned()),
                Some(one.row.clone()),
                column.map(|column| column.label.get(self.lang).to_owned()),
            ];
            let place: Vec<String> = place.into_iter().flatten().filter(|word| !word.is_empty()).collect();
            let sides: Vec<&str> = one.sides.iter().map(|side| side.value.as_str()).collect();
            let effect = match one.effect.as_str() {
                "" => String::new(),
                effect => self.say("effect", &[("effect", effect)]),
            };
            let holes = [
                ("campaign", &*self.name(campaign)),
                ("place", &*place.join(" ")),
                ("sides", &*sides.join(" / ")),
                ("effect", &*effect),
            ];
            (Role::Bad, self.say("conflict", &holes), vec![source(&one.asked)])
        });
        told.collect()
    }

    /// Actions put off so often that it has to be decided.
    fn put_off(&self) -> Vec<(Role, String, Vec<Source>)> {
        let gone_up = |item: &&ActionWeek| item.verdict == Some(Verdict::GoUp);
        let mut items: Vec<_> =
            self.weeks.items.iter().filter(|item| item.escalate || gone_up(item)).collect();
        items.sort_by_key(|item| (!item.escalate, std::cmp::Reverse(item.slips)));
        let told = items.into_iter().map(|item| {
            let holes = [
                ("action", item.action.trim()),
                ("campaign", &*self.name(&item.campaign)),
                ("owner", item.owner.trim()),
                ("n", &*item.slips.to_string()),
                ("period", item.decided.as_deref().unwrap_or_default()),
            ];
            let key = if item.escalate { "put_off" } else { "gone_up" };
            let mut sources = vec![self.row("chase", &item.action)];
            sources.extend(self.own(&item.campaign, item.at.as_ref()));
            (Role::Bad, self.say(key, &holes), sources)
        });
        told.collect()
    }

    /// Budgets overrun by more than is only watched.
    fn overrun(&self) -> Vec<(Role, String, Vec<Source>)> {
        let most = 1.0 + self.policy.thresholds.budget.watch;
        let campaigns = self.weeks.campaigns.iter().filter_map(|one| Some((one, one.is?.execution?)));
        let mut over: Vec<_> = campaigns.filter(|(_, execution)| *execution > most).collect();
        over.sort_by(|a, b| b.1.total_cmp(&a.1));
        let told = over.into_iter().map(|(one, execution)| {
            let holes = [("campaign", one.name.as_str()), ("execution", &percent(execution))];
            (Role::Bad, self.say("overrun", &holes), self.of(&one.campaign, &[EXECUTION]))
        });
        told.collect()
    }
}
