//! `fupan new`: a blank workbook for one campaign, with its identity; the next one of a campaign that came; and one
//! for everybody on a roster. `fupan upgrade`: filled workbooks onto the blank of this version.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::{name_of, save};
use super::session::{Outputs, Session};
use super::settings::today;
use super::{Reading, ledger, roster, screen, settings};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task, Workers};
use crate::batch::merge::onward::{Carry, Followed, Onward, Order};
use crate::batch::out::{RECORD, safe_name};
use crate::batch::previous::written_in;
use crate::batch::roster::{Expected, Issued, invitations, read};
use crate::catalogue::{Catalogue, Table, Template};
use crate::locale::{Lang, fold};
use crate::policy::nearest;
use crate::record::decided::{Decides, Verdict};
use crate::record::run::Run;
use crate::record::weeks::ActionWeek;
use crate::xlsx::blank::{Identity, blank, campaign_id};

/// Arguments of `fupan new`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, short, value_name = "ID", required_unless_present = "from")]
    template: Option<String>,
    #[arg(long, short, required_unless_present_any = ["from", "roster"])]
    name: Option<String>,
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long, value_name = "TABLES", value_delimiter = ',', conflicts_with = "from")]
    only: Vec<String>,
    #[arg(long)]
    no_snapshot: bool,
    #[arg(long, value_name = "NAME")]
    recipient: Option<String>,
    #[command(flatten)]
    reading: Reading,
}

/// Arguments of `fupan upgrade`.
#[derive(Debug, Args)]
pub struct Upgrade {
    #[arg(required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, short, value_name = "ID")]
    template: Option<String>,
    #[command(flatten)]
    reading: Reading,
}

/// Where an earlier workbook of a campaign is, and what is known of its actions.
struct Earlier {
    file: PathBuf,
    followed: Vec<Followed>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such template, the file is there already, or it cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    match (&arguments.roster, &arguments.from) {
        (Some(file), _) => for_everybody(arguments, file, console, lang),
        (None, Some(from)) => next(arguments, from, console, lang),
        (None, None) => plain(arguments, console, lang),
    }
}

/// A blank nobody has filled anything into.
fn plain(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let words = &console.words;
    let name = arguments.name.clone().unwrap_or_default();
    let default = || PathBuf::from(format!("{}.xlsx", safe_name(&name)));
    let out = arguments.out.clone().unwrap_or_else(default);
    let shown = untaken(&out, console)?;
    let (package, campaign) = first(arguments, &Expected { name, ..Expected::default() }, console, lang)?;
    save(&out, &package, console)?;
    console.note(&words.say("new_done", &[("out", &shown), ("campaign", &campaign)]));
    Ok(Exit::Clean)
}

/// The first blank of a campaign, and its id.
fn first(
    arguments: &Arguments,
    expected: &Expected,
    console: &Console,
    lang: Lang,
) -> Result<(Vec<u8>, String), CommandError> {
    let Some(id) = arguments.template.as_deref() else {
        return Err(CommandError::usage(console.words.get("new_no_template")));
    };
    let template = template(id, console)?;
    let issued = arguments.reading.as_of.unwrap_or_else(today);
    let given = Some(expected.campaign.clone()).filter(|id| !id.is_empty());
    let campaign = given.unwrap_or_else(|| campaign_id(&expected.name, issued));
    let identity = Identity {
        template: template.id.clone(),
        version: template.version,
        campaign: Some(campaign.clone()),
        name: Some(expected.name.clone()),
        issued: Some(issued),
        snapshot: !arguments.no_snapshot,
        recipient: arguments.recipient.clone().or_else(|| person(expected)),
        hidden: hidden(&arguments.only, template, console)?,
    };
    let package = blank(Catalogue::shipped(), template, &identity, lang)
        .map_err(|error| CommandError::internal(&error.to_string(), console))?;
    Ok((package, campaign))
}

/// The optional tables of a template that were not asked for; none where nothing was.
fn hidden(only: &[String], template: &Template, console: &Console) -> Result<BTreeSet<String>, CommandError> {
    if only.is_empty() {
        return Ok(BTreeSet::new());
    }
    let catalogue = Catalogue::shipped();
    let members = template.tables.iter().filter_map(|member| catalogue.tables.get(&member.id));
    let tables: Vec<&Table> = members.collect();
    let mut wanted = BTreeSet::new();
    for name in only.iter().flat_map(|names| names.split(['，', '、'])).map(str::trim) {
        let folded = fold(name);
        let is = |table: &&&Table| {
            let labels = [table.id.clone(), table.label.zh.clone(), table.label.get(console.lang)];
            labels.iter().chain(&table.aliases).any(|label| fold(label) == folded)
        };
        let Some(table) = tables.iter().find(is) else {
            let list: Vec<String> = tables.iter().map(|table| table.label.get(console.lang)).collect();
            let list = list.join(&console.words.get("list_comma"));
            let holes = [("name", name), ("list", &list)];
            return Err(CommandError::usage(console.words.say("new_unknown_table", &holes)));
        };
        wanted.insert(table.id.clone());
    }
    let optional = template.tables.iter().filter(|member| !member.core && !wanted.contains(&member.id));
    Ok(optional.map(|member| member.id.clone()).collect())
}

fn person(expected: &Expected) -> Option<String> {
    Some(expected.person.clone()).filter(|person| !person.is_empty())
}

/// The next blank of a campaign that came: what is still open in it, and what the next week is held against.
fn next(arguments: &Arguments, from: &Path, console: &Console, lang: Lang) -> Ended {
    let policy = settings::policy(&arguments.reading, from.parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    let earlier = earlier(from, arguments.name.as_deref(), &session, console)?;
    // A name chooses among the campaigns of a folder; beside one file it is another campaign's.
    let name = arguments.name.clone().filter(|_| from.is_file());
    let order = Order { name, ..order(arguments, Carry::Open, earlier.followed) };
    let (package, came) = issue(&earlier.file, order, &session, &session.workers(), console)?;
    let day = arguments.reading.as_of.unwrap_or_else(today);
    let default = || PathBuf::from(format!("{}.{day}.xlsx", safe_name(&came.name)));
    let out = arguments.out.clone().unwrap_or_else(default);
    let shown = untaken(&out, console)?;
    save(&out, &package, console)?;
    let (generation, actions) = (came.generation.to_string(), came.actions.to_string());
    let holes = [("out", &*shown), ("campaign", &came.campaign), ("n", &generation), ("actions", &actions)];
    console.note(&console.words.say("new_next_done", &holes));
    told_given_up(came.given_up, console);
    Ok(told_left(&came, console))
}

/// A blank for everybody on a roster, and a mail to each with theirs.
fn for_everybody(arguments: &Arguments, file: &Path, console: &Console, lang: Lang) -> Ended {
    let policy = settings::policy(&arguments.reading, file.parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    let expected =
        read(file, &session.settings.limits).map_err(|reason| roster::unreadable(file, &reason, console))?;
    let workers = session.workers();
    let mut made: Vec<(&Expected, String, Vec<u8>)> = Vec::new();
    let mut given_up = 0;
    for one in &expected {
        let package = match &arguments.from {
            None => first(arguments, one, console, lang)?.0,
            Some(from) => {
                let name = if one.campaign.is_empty() { &one.name } else { &one.campaign };
                let earlier = earlier(from, Some(name), &session, console)?;
                let order = order(arguments, Carry::Open, earlier.followed);
                let order = Order { recipient: person(one), ..order };
                let (package, came) = issue(&earlier.file, order, &session, &workers, console)?;
                given_up += came.given_up;
                package
            }
        };
        let name = named(one, &expected, &made);
        made.push((one, name, package));
    }
    let issued: Vec<Issued<'_>> =
        made.iter().map(|(expected, name, package)| Issued { expected, name, package }).collect();
    let day = arguments.reading.as_of.unwrap_or_else(today);
    let mails = invitations(&issued, day, lang);
    let words = &console.words;
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(words.get("issued_folder")));
    let mut files: Vec<(PathBuf, &[u8])> =
        made.iter().map(|(_, name, package)| (out.join(name), package.as_slice())).collect();
    for mail in &mails {
        files.push((out.join(format!("{}.eml", mail.name)), &mail.mail));
        files.push((out.join(format!("{}.txt", mail.name)), mail.text.as_bytes()));
    }
    // All or nothing: what is there stays, and nobody gets half a round.
    for (path, _) in &files {
        untaken(path, console)?;
    }
    for (path, bytes) in &files {
        save(path, bytes, console)?;
    }
    let (n, people, shown) = (made.len().to_string(), mails.len().to_string(), out.display().to_string());
    console.note(&words.say("new_roster_done", &[("n", &n), ("people", &people), ("out", &shown)]));
    told_given_up(given_up, console);
    Ok(Exit::Clean)
}

/// A file's name: the campaign's, with the person's where several share it, with a number where that is taken.
fn named(one: &Expected, all: &[Expected], made: &[(&Expected, String, Vec<u8>)]) -> String {
    let title = if one.name.is_empty() { &one.campaign } else { &one.name };
    let shared = all.iter().filter(|other| fold(&other.name) == fold(&one.name)).count() > 1;
    let stem = match shared && !one.person.is_empty() {
        true => safe_name(&format!("{title}-{}", one.person)),
        false => safe_name(title),
    };
    let numbered = (2..).map(|n| format!("{stem}-{n}.xlsx"));
    let free = |name: &String| made.iter().all(|(_, known, _)| known != name);
    std::iter::once(format!("{stem}.xlsx")).chain(numbered).find(free).unwrap_or_default()
}

/// Runs `fupan upgrade`.
///
/// # Errors
/// When a workbook cannot be read, or a result is there already or cannot be written.
pub fn upgrade(arguments: &Upgrade, console: &Console, lang: Lang) -> Ended {
    let policy = settings::policy(&arguments.reading, arguments.files[0].parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    let workers = session.workers();
    let mut ended = Exit::Clean;
    for file in &arguments.files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let out = arguments.out.join(format!("{stem}.xlsx"));
        let shown = untaken(&out, console)?;
        let order = Order {
            what: Carry::Everything,
            template: arguments.template.clone(),
            name: None,
            campaign: None,
            issued: arguments.reading.as_of.unwrap_or_else(today),
            recipient: None,
            followed: Vec::new(),
        };
        let (package, came) = issue(file, order, &session, &workers, console)?;
        save(&out, &package, console)?;
        let (placed, left) = (came.placed.to_string(), came.left.len().to_string());
        let holes = [("file", &*name_of(file)), ("out", &shown), ("n", &placed), ("left", &left)];
        console.note(&console.words.say("upgrade_done", &holes));
        if told_left(&came, console) != Exit::Clean {
            ended = Exit::Findings;
        }
    }
    Ok(ended)
}

fn order(arguments: &Arguments, what: Carry, followed: Vec<Followed>) -> Order {
    Order {
        what,
        template: arguments.template.clone(),
        name: None,
        campaign: None,
        issued: arguments.reading.as_of.unwrap_or_else(today),
        recipient: arguments.recipient.clone(),
        followed,
    }
}

/// Has another blank made of a workbook.
fn issue(
    file: &Path,
    order: Order,
    session: &Session<'_>,
    workers: &Workers<'_, '_>,
    console: &Console,
) -> Result<(Vec<u8>, Onward), CommandError> {
    let name = name_of(file);
    if let Some(id) = &order.template {
        template(id, console)?;
    }
    let job = Job { order: Some(order), ..Job::new(Task::Onward, name.clone()) };
    let done = snapshot(file, &session.settings.limits)
        .and_then(|bytes| workers.work(&job, &bytes))
        .map_err(|finding| CommandError::nothing(screen::refused(&name, &finding, console)))?;
    let came: Onward =
        serde_json::from_str(&done.text).map_err(|_| CommandError::internal("onward", console))?;
    if came.no_template {
        return Err(CommandError::usage(console.words.say("onward_no_template", &[("file", &name)])));
    }
    Ok((done.package.unwrap_or_default(), came))
}

/// How many actions do not go on because it was decided so.
fn told_given_up(n: usize, console: &Console) {
    if n > 0 {
        console.note(&console.words.say("new_given_up", &[("n", &n.to_string())]));
    }
}

/// What found no place in the new blank, a line each.
fn told_left(came: &Onward, console: &Console) -> Exit {
    for line in &came.left {
        let place = [&line.table, &line.row, &line.column].map(String::as_str);
        let place: Vec<&str> = place.into_iter().filter(|text| !text.is_empty()).collect();
        let holes = [("place", &*place.join(" · ")), ("value", &line.is)];
        console.print(&console.words.say("onward_left", &holes));
    }
    if came.left.is_empty() { Exit::Clean } else { Exit::Findings }
}

/// Where the earlier workbook of a campaign is: the file itself; in a folder of results the campaign's; else that of
/// the last week the ledger here knows the campaign in.
fn earlier(
    from: &Path,
    name: Option<&str>,
    session: &Session<'_>,
    console: &Console,
) -> Result<Earlier, CommandError> {
    if from.is_file() {
        return Ok(Earlier { file: from.to_owned(), followed: followed_beside(from, session, console) });
    }
    if from.join(RECORD).is_file() {
        return among(&roster::recorded(from, console)?, from, name, session, console);
    }
    let wanted = from.to_string_lossy().into_owned();
    for folder in ledger::folders(console)?.iter().rev() {
        let Ok(run) = roster::recorded(folder, console) else { continue };
        if let Ok(found) = among(&run, folder, Some(&wanted), session, console) {
            return Ok(found);
        }
    }
    Err(CommandError::usage(console.words.say("new_from_nothing", &[("name", &wanted)])))
}

/// A campaign among those of a run; where no name is given there may be only one.
fn among(
    run: &Run,
    folder: &Path,
    name: Option<&str>,
    session: &Session<'_>,
    console: &Console,
) -> Result<Earlier, CommandError> {
    let all = run.files.iter().filter_map(|file| file.campaign.as_ref());
    let counted: Vec<_> = all.filter(|one| one.set_aside_for.is_none() && !one.output.is_empty()).collect();
    let is = |text: &str| name.is_none_or(|name| fold(name) == fold(text));
    let found: Vec<_> = counted.iter().filter(|one| is(&one.name) || is(&one.campaign)).collect();
    let [campaign] = found[..] else {
        let names: Vec<&str> = counted.iter().map(|one| one.name.as_str()).collect();
        let list = names.join(&console.words.get("list_comma"));
        let holes = [("name", name.unwrap_or_default()), ("list", &list)];
        return Err(CommandError::usage(console.words.say("new_from_which", &holes)));
    };
    let followed = followed(run, folder, &campaign.campaign, session);
    Ok(Earlier { file: folder.join(&campaign.output), followed })
}

/// What the results a workbook lies among know of its campaign's actions; nothing where it lies among none.
fn followed_beside(file: &Path, session: &Session<'_>, console: &Console) -> Vec<Followed> {
    let folder = file.parent().and_then(Path::parent);
    let run = folder.and_then(|folder| roster::recorded(folder, console).ok());
    let Some((run, folder)) = run.as_ref().zip(folder) else { return Vec::new() };
    let campaigns = run.files.iter().filter_map(|file| file.campaign.as_ref());
    let mut of = campaigns.filter(|one| !one.output.is_empty() && folder.join(&one.output) == file);
    of.next().map(|one| followed(run, folder, &one.campaign, session)).unwrap_or_default()
}

/// What a run knows of a campaign's actions, and what was decided about them on its pages since.
fn followed(run: &Run, folder: &Path, campaign: &str, session: &Session<'_>) -> Vec<Followed> {
    let since =
        written_in(folder, Catalogue::shipped(), &session.settings.limits).unwrap_or_default().decided;
    let decided = |item: &ActionWeek| -> Option<(Verdict, String)> {
        let said = since.iter().rev().find_map(|said| match said {
            Decides::Action { campaign, code, action, period, word, .. } => {
                let it = (campaign, code, action) == (&item.campaign, &item.code, &item.action);
                it.then(|| word.map(|word| (word, period.clone())))
            }
            _ => None,
        });
        said.unwrap_or_else(|| item.verdict.zip(item.decided.clone()))
    };
    let items = run.head.weeks.iter().flat_map(|weeks| &weeks.items);
    let of = items.filter(|item| item.campaign == campaign);
    let followed = of.map(|item| Followed {
        code: item.code.clone(),
        action: item.action.clone(),
        first: item.first.clone(),
        age: item.age,
        slips: item.slips,
        decided: decided(item),
    });
    followed.collect()
}

/// A path where nothing is yet, for people.
fn untaken(path: &Path, console: &Console) -> Result<String, CommandError> {
    let shown = path.display().to_string();
    if path.exists() {
        return Err(CommandError::usage(console.words.say("file_exists", &[("file", &shown)])));
    }
    Ok(shown)
}

/// A template by its id.
///
/// # Errors
/// What there is instead, where there is none of this id.
pub fn template<'a>(id: &str, console: &Console) -> Result<&'a Template, CommandError> {
    let templates = &Catalogue::shipped().templates;
    templates.get(id).ok_or_else(|| {
        let known: Vec<&str> = templates.keys().map(String::as_str).collect();
        let list = known.join(" ");
        let words = &console.words;
        CommandError::usage(match nearest(id, known.iter().copied()) {
            Some(nearest) => {
                words.say("unknown_template_nearest", &[("id", id), ("nearest", &nearest), ("list", &list)])
            }
            None => words.say("unknown_template", &[("id", id), ("list", &list)]),
        })
    })
}
