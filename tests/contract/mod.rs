//! The contract: what a cluster does, stated as clauses over an ordinary client and a namespace.
//!
//! The same clauses run on a real control plane and on the demo cluster, so that the demo cannot drift
//! from the truth. Where the two disagree, the real server is right. A clause knows nothing of what
//! answers it; it needs full rights in its namespace and these images: a tag that ends in `-pullfail`
//! never starts (`ImagePullBackOff`), `-crashloop` never stays up, `-slow` is ready some seconds after
//! its start, and any other is ready at once.
//!
//! To run it on something that answers the Kubernetes protocol:
//! ```text
//! async fn ground(clause: &str) -> tests::contract::Ground { /* a client, a namespace of its own */ }
//! tests::contract_tests!(ground);
//! ```

pub mod dry_run;
pub mod generation;
pub mod ground;
pub mod history;
pub mod lists;
pub mod objects;
pub mod patches;
pub mod people;
pub mod rollout;
pub mod rollout_failure;
pub mod watches;

pub use ground::Ground;

/// The one list of all clauses: gives it to a macro, after that macro's own arguments.
#[macro_export]
macro_rules! for_each_clause {
    ($callback:path, $($argument:tt)*) => {
        $callback! { ($($argument)*)
            generation::a_new_object_has_generation_one,
            generation::a_change_of_the_spec_moves_it_by_one,
            generation::labels_leave_it,
            generation::annotations_move_it,
            generation::the_revision_annotation_leaves_it,
            generation::scaling_moves_it,
            generation::status_churn_leaves_it_and_moves_the_resource_version,
            generation::a_patch_that_changes_nothing_moves_nothing,
            patches::a_passing_test_lets_the_patch_through,
            patches::a_stale_generation_is_422_without_details,
            patches::a_wrong_uid_is_422_without_details,
            patches::a_missing_path_is_422_without_details,
            patches::adding_under_missing_annotations_is_422,
            patches::an_invalid_object_is_422_with_causes,
            patches::the_selector_is_immutable,
            patches::a_stale_resource_version_is_409,
            patches::creating_twice_is_409,
            patches::what_is_not_there_is_404,
            patches::the_field_manager_is_recorded,
            patches::our_managed_fields_entry_can_be_dropped,
            dry_run::a_patch_answers_with_the_next_generation_and_leaves_nothing,
            dry_run::a_patch_is_validated,
            dry_run::a_created_pod_leaves_nothing,
            dry_run::a_deletion_leaves_the_object,
            lists::metadata_only_answers_have_no_spec,
            lists::metadata_only_lists_have_no_spec,
            lists::pages_give_each_object_once,
            lists::a_malformed_continue_token_is_400,
            lists::selectors_filter,
            watches::changes_arrive_in_order,
            watches::metadata_only_changes_arrive,
            watches::a_bookmark_passes_over_what_the_watch_does_not_select,
            watches::a_streaming_list_ends_with_a_bookmark,
            watches::a_version_long_gone_is_410,
            history::the_first_rollout_is_revision_one,
            history::a_new_template_is_a_new_revision,
            history::an_undo_renumbers_the_old_replica_set,
            history::the_change_cause_is_copied_and_sticks,
            history::old_replica_sets_are_pruned_at_the_limit,
            history::scaling_makes_no_revision,
            rollout::surge_and_unavailability_are_kept,
            rollout::recreate_ends_the_old_pods_first,
            rollout::a_paused_one_waits_until_it_is_resumed,
            rollout::scaled_to_zero_it_has_no_pods,
            rollout::a_deleted_pod_is_replaced,
            rollout::deletion_takes_everything_along,
            rollout::the_status_settles_as_kubectl_says,
            rollout_failure::a_hanging_rollout_keeps_the_old_pods,
            rollout_failure::the_deadline_condition_changes_and_changes_back,
            rollout_failure::a_crashing_container_is_restarted_counted_and_logged,
            people::a_self_subject_review_names_somebody,
            people::an_access_review_allows_and_echoes_the_question,
            objects::config_maps_are_kept,
            objects::secrets_are_kept_as_bytes,
            objects::events_are_found_by_the_uid_they_speak_of,
            objects::a_log_has_its_last_lines,
            objects::the_server_says_its_version_and_kinds,
        }
    };
}

/// A test for each clause. The argument is an `async fn(clause: &str) -> Ground`.
#[macro_export]
macro_rules! contract_tests {
    ($ground:path) => {
        $crate::for_each_clause!($crate::contract_test_functions, $ground);
    };
}

/// The body of [`contract_tests!`].
#[macro_export]
macro_rules! contract_test_functions {
    (($ground:path) $($area:ident::$clause:ident,)*) => {
        $(
            #[tokio::test]
            async fn $clause() {
                let ground = $ground(stringify!($clause)).await;
                $crate::contract::$area::$clause(ground).await.unwrap();
            }
        )*
    };
}
