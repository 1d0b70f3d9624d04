//! What holds on both engines: each function is a test on SQLite and a test on PostgreSQL.

mod cases;
mod guards;
mod jobs;
mod keys;

macro_rules! on_both {
    ($($module:ident { $($name:ident),+ $(,)? })+) => {
        mod sqlite {
            $($(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$module::$name(crate::support::Clinic::new(crate::support::Engine::Sqlite).await).await;
            })+)+
        }
        mod postgres {
            $($(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if crate::postgres::left_out() {
                    return;
                }
                super::$module::$name(crate::support::Clinic::new(crate::support::Engine::Postgres).await).await;
            })+)+
        }
    };
}

on_both! {
    cases {
        a_case_comes_back_as_it_was_appended,
        a_second_look_finds_what_another_process_appended,
        a_long_case_is_opened_whole_while_it_grows,
        undoing_an_undoing_restores,
        a_merge_is_seen_and_taken_back,
        what_a_person_said_of_a_fact_outlives_a_new_extraction,
        words_of_papers_notes_and_names_are_found,
        a_person_is_found_by_what_is_known,
        lists_go_page_by_page,
        only_what_was_sent_asks_and_answers,
        a_correction_that_another_confirms_stays,
        a_rebuild_makes_the_same_rows,
        wrong_projections_are_told_and_mended,
    }
    guards {
        who_did_not_look_is_refused,
        who_counts_on_another_case_is_refused_when_it_changed,
        the_same_act_happens_once,
        hundreds_at_the_same_time_are_all_kept,
        one_who_cannot_be_written_does_not_stop_the_others,
        entries_cannot_be_changed_or_deleted,
        what_does_not_fit_is_refused,
        accesses_are_chained,
        checkpoints_come_by_themselves,
        verify_is_clean_after_all_kinds_of_work,
    }
    jobs {
        a_job_is_claimed_once,
        a_job_comes_with_its_entry_or_not_at_all,
        a_late_result_is_refused,
        a_failing_job_waits_longer_and_dies,
        the_same_work_waits_once,
        a_lost_worker_gives_its_job_back,
    }
    keys {
        a_reserved_key_is_that_of_the_case,
        an_erased_case_is_gone,
        an_interrupted_erasure_goes_on,
        a_wrong_root_key_is_refused,
        a_rotation_goes_on_where_it_stopped,
        nothing_readable_lies_in_the_files,
    }
}
