//! The weekly loop as its users live it: copies, corrections, answers, mails, the roll call, on real files.
//!
//! The scenarios are in `tests/weekly/scenarios.py`, because the copies are made by other people's programs.

use std::process::Command;

fn holds(names: &[&str]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/weekly/scenarios.py");
    let output =
        Command::new("python3").arg(script).arg(env!("CARGO_BIN_EXE_fupan")).args(names).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().filter(|line| line.starts_with("ok ")).count(), names.len(), "{said}");
}

macro_rules! scenarios {
    ($($name:ident),* $(,)?) => { $(#[test] fn $name() { holds(&[stringify!($name)]); })* };
}

scenarios! {
    s01_five_departments_fill_a_table_each,
    s02_saved_again_by_another_program_is_the_same_content,
    s03_two_values_are_asked_about_and_equal_ones_are_not,
    s03_the_effect_on_key_figures_is_computed,
    s04_an_answer_is_obeyed_until_a_third_value_comes,
    s04_an_answer_in_the_campaigns_own_workbook_and_another_value,
    s05_a_correction_of_ones_own_is_no_question,
    s06_somebody_goes_on_in_the_old_copy,
    s07_five_six_five,
    s08_a_deleted_row_is_deleted_unless_somebody_changed_it,
    s09_a_sheet_that_is_not_ones_own_is_not_handed_in,
    s10_sorted_and_two_inserted,
    s11_renamed_by_one_and_changed_by_another,
    s12_two_people_add_rows,
    s13_a_copied_row_is_a_new_row,
    s14_columns_of_their_own,
    s15_a_cleared_cell,
    s16_a_formula_with_the_same_result_agrees,
    s17_stripped_of_everything_hidden,
    s18_attachments_whatever_their_names,
    s18_bombs_tricks_and_ten_thousand_attachments,
    s19_roll_call,
    s20_half_a_year_of_actions_problems_and_findings,
    s21_a_rerun_replaces_its_week_and_a_ledger_is_made_anew,
    s22_killed_before_the_ledger_and_two_at_once,
    s23_nothing_changed_and_one_changed,
    one_word_in_the_sheet_makes_names_one,
    what_was_decided_is_obeyed_and_not_asked_again,
    what_was_given_up_is_left_out_of_the_next_blank,
    a_portfolio_that_came_back_is_read_for_its_words,
    risks_of_all_campaigns_stand_on_one_page,
    killed_at_many_points_the_earlier_results_are_whole,
    s24_one_mail_a_person_over_two_campaigns,
    nothing_people_typed_into_an_output_is_destroyed,
    an_accepted_suggestion_in_a_returned_workbook_is_obeyed,
    forged_and_damaged_bases_are_told_and_nothing_is_lost,
    s25_the_next_blank_of_a_campaign_that_came,
    a_blank_for_everybody_on_the_roster,
    old_edits_on_this_versions_blank,
    what_diff_finds_makes_the_later_of_the_earlier,
    formulas_of_rows_that_were_taken_over_have_their_results,
    totals_of_copies_that_lie_apart_are_known,
    hidden_ids_and_names_survive_other_programs,
    a_stripped_issue_is_found_again_in_another_copy,
    rows_without_room_get_a_sheet_of_their_own,
    outputs_are_named_by_the_campaign_alone,
    every_other_part_of_the_host_stays_byte_for_byte,
    a_first_week_has_no_last_one,
    a_baseline_finds_the_campaign_whatever_its_file_is_called,
}

#[test]
fn every_scenario_has_a_page_and_every_page_a_scenario() {
    let script = include_str!("weekly/scenarios.py");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cases/weekly");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut pages: Vec<String> = names.map(|name| name.to_string_lossy().replace(".md", "")).collect();
    pages.retain(|name| name != "README");
    pages.sort();
    let mut written: Vec<String> = script
        .lines()
        .filter_map(|line| line.strip_prefix("def s")?.split('_').next().map(|number| format!("s{number}")))
        .filter(|name| name.len() == 3 && name[1..].bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    written.sort();
    written.dedup();
    assert_eq!(pages, written);
}
