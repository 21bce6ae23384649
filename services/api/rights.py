"""Every route by its name, and the right that it asks for: a route that is not listed is open to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.access import Action, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What one must be allowed to do; `by` is the path parameter that names the object."""

    action: Action
    kind: Kind
    by: str | None = None
    step_up: bool = False  # one must have proven again, a moment ago, who one is
    shows_people: bool = True  # a look (GET) at it is written down in the audit


OPEN: Right | None = None  # nothing of anybody's is shown

RIGHTS: Mapping[str, Right | None] = {
    # Health of the service.
    "read_health": OPEN,
    "read_readiness": OPEN,
    "read_metrics": OPEN,
    "read_about": OPEN,
    # Who one is.
    "show_sign_in": OPEN,
    "show_sign_in_part": OPEN,
    "sign_in": OPEN,
    "sign_in_patient": OPEN,
    "leave_for_provider": OPEN,
    "return_from_provider": OPEN,  # by a code of the provider and a secret of 256 bits
    "prove_provider_code": OPEN,  # by the same secret, after the provider has named somebody
    "sign_out": OPEN,
    "sign_out_everywhere": Right(action="write", kind="account"),
    "step_up": Right(action="write", kind="account"),
    "read_me": Right(action="read", kind="account", shows_people=False),
    "take_up_invitation": OPEN,  # by a code of 256 bits
    "claim_screen": OPEN,  # by a code of 256 bits
    "list_staff": Right(action="read", kind="staff", shows_people=False),
    "invite_staff": Right(action="manage", kind="staff", step_up=True),
    "change_staff_role": Right(action="manage", kind="staff", by="staff_id", step_up=True),
    "disable_staff": Right(action="manage", kind="staff", by="staff_id", step_up=True),
    "reset_staff": Right(action="manage", kind="staff", by="staff_id", step_up=True),
    "link_staff": Right(action="manage", kind="staff", by="staff_id", step_up=True),
    "unlink_staff": Right(action="manage", kind="staff", by="staff_id", step_up=True),
    "list_waiting_staff": Right(action="sign", kind="staff", shows_people=False),
    "confirm_staff": Right(action="sign", kind="staff", by="staff_id", step_up=True),
    "list_screens": Right(action="read", kind="screen", shows_people=False),
    "enrol_screen": Right(action="manage", kind="screen", step_up=True),  # it lets a device in, for a year
    "revoke_screen": Right(action="manage", kind="screen", by="screen_id"),
    # The studio as it is now.
    "read_floor": Right(action="read", kind="floor"),
    "list_machines": Right(action="read", kind="machine", shows_people=False),
    "watch_floor": Right(action="read", kind="floor"),
    "watch_machine": Right(action="read", kind="floor", by="machine"),  # somebody trains on it
    "list_dead_letters": Right(action="read", kind="dead_letter", shows_people=False),
    "requeue_dead_letter": Right(action="handle", kind="dead_letter", by="letter_id"),
    "read_model": Right(action="read", kind="model", shows_people=False),
    "list_audit": Right(action="read", kind="audit", shows_people=False),
    # A person's data as a whole.
    "read_everything": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "erase_patient": Right(action="erase", kind="patient", by="patient_id", step_up=True),
    # Places.
    "list_sites": Right(action="read", kind="site", shows_people=False),
    "add_site": Right(action="manage", kind="site"),
    "change_site": Right(action="manage", kind="site", by="site_id"),
    "close_site": Right(action="manage", kind="site", by="site_id"),
    "open_site": Right(action="manage", kind="site", by="site_id"),
    "list_machine_health": Right(action="read", kind="machine", shows_people=False),
    "list_firmware": Right(action="read", kind="machine", shows_people=False),
    "read_machine": Right(action="read", kind="machine", by="machine", shows_people=False),
    "claim_machine": OPEN,  # by a code of 128 bits that holds for ten minutes
    # What lets a machine in, by a code, is proven again as for a screen.
    "enrol_machine": Right(action="manage", kind="machine", by="site_id", step_up=True),
    "renew_machine_code": Right(action="manage", kind="machine", by="machine", step_up=True),
    "change_machine": Right(action="manage", kind="machine", by="machine"),
    "retire_machine": Right(action="manage", kind="machine", by="machine"),
    "bring_back_machine": Right(action="manage", kind="machine", by="machine", step_up=True),
    "calibrate_machine": Right(action="manage", kind="machine", by="machine"),
    "record_conformance": Right(action="manage", kind="machine", by="machine"),
    "list_conformance": Right(action="read", kind="machine", by="machine", shows_people=False),
    "read_conformance": Right(action="read", kind="machine", by="machine", shows_people=False),
    "read_retention": Right(action="manage", kind="site", shows_people=False),
    # Who comes, and what excludes from machines.
    "list_conditions": OPEN,  # the catalogue
    "enrol_patient": Right(action="handle", kind="patient", by="site_id"),
    "change_patient": Right(action="handle", kind="patient", by="patient_id"),
    "set_language": Right(action="write", kind="patient", by="patient_id"),  # one's own too
    "read_patient_file": Right(action="handle", kind="patient", by="patient_id"),
    "exclude_patient": Right(action="handle", kind="patient", by="patient_id"),
    "clear_exclusion": Right(action="sign", kind="patient", by="patient_id", step_up=True),
    "clear_symptoms": Right(action="sign", kind="patient", by="patient_id", step_up=True),
    "enter_blood_pressure": Right(action="handle", kind="patient", by="patient_id"),
    "state_consent": Right(action="handle", kind="patient", by="patient_id"),
    "sign_pain": Right(action="handle", kind="patient", by="patient_id"),
    "take_back_pain_signature": Right(action="handle", kind="patient", by="patient_id"),
    "set_profile": Right(action="handle", kind="patient", by="patient_id"),
    "move_patient": Right(action="handle", kind="patient", by="patient_id"),
    "archive_patient": Right(action="handle", kind="patient", by="patient_id"),
    "bring_back_patient": Right(action="handle", kind="patient", by="patient_id"),
    "issue_badge": Right(action="handle", kind="patient", by="patient_id"),
    "issue_pin": Right(action="handle", kind="patient", by="patient_id"),
    "take_card_away": Right(action="handle", kind="patient", by="patient_id"),
    "lock_card": Right(action="handle", kind="patient", by="patient_id"),
    # The way of a therapy.
    "list_programmes": Right(action="read", kind="patient", by="patient_id"),
    "start_programme": Right(action="handle", kind="patient", by="patient_id"),
    "end_programme": Right(action="handle", kind="patient", by="patient_id"),
    "read_phase": Right(action="read", kind="patient", by="patient_id"),
    "change_phase": Right(action="sign", kind="patient", by="patient_id", step_up=True),
    "list_capacity": Right(action="handle", kind="patient", by="patient_id"),
    "countersign_capacity": Right(action="sign", kind="patient", by="patient_id", step_up=True),
    "list_limit_versions": Right(action="read", kind="limits", by="patient_id"),
    "search_everything": Right(action="read", kind="site"),  # each part as the role may read it
    # People and what was decided for them.
    "list_patients": Right(action="read", kind="patient"),
    "read_patient": Right(action="read", kind="patient", by="patient_id"),
    "read_balance": Right(action="read", kind="patient", by="patient_id"),
    "read_progress": Right(action="read", kind="patient", by="patient_id"),
    "read_outlook": Right(action="read", kind="patient", by="patient_id"),
    "read_whatif": Right(action="read", kind="patient", by="patient_id"),
    "list_adjustments": Right(action="read", kind="patient", by="patient_id"),
    "read_explanation": Right(action="read", kind="decision", by="decision_id"),
    "read_request": Right(action="read", kind="decision", by="decision_id"),
    "read_decision": Right(action="read", kind="decision", by="decision_id"),
    "list_sessions": Right(action="read", kind="patient", by="patient_id"),
    "read_session": Right(action="read", kind="session", by="session_id"),
    # What leaves as a file.
    "export_fhir": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_report": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_patients": Right(action="export", kind="patient", step_up=True),
    "export_alerts": Right(action="read", kind="alert", step_up=True),
    "export_sessions": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_adjustments": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_progress": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_pain": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_balance": Right(action="export", kind="patient", by="patient_id", step_up=True),
    "export_reps": Right(action="export", kind="patient", by="session_id", step_up=True),
    # The work of a studio day.
    "hold_machine": Right(action="handle", kind="machine", by="machine"),
    "read_hold": Right(action="read", kind="floor", by="machine"),  # why says how somebody is
    "release_machine": Right(action="handle", kind="machine", by="machine"),
    "override_session": Right(action="handle", kind="session", by="session_id"),
    "give_back_session": Right(action="handle", kind="session", by="session_id"),
    "list_session_orders": Right(action="read", kind="session", by="session_id"),
    "list_proposals": Right(action="handle", kind="session"),
    "confirm_setting": Right(action="handle", kind="session", by="setting_id"),
    "set_site_advice": Right(action="manage", kind="site", by="site_id"),
    "list_alerts": Right(action="read", kind="alert"),
    "count_alerts": Right(action="read", kind="alert", shows_people=False),
    "list_colleagues": Right(action="handle", kind="alert", shows_people=False),
    "acknowledge_alert": Right(action="handle", kind="alert", by="alert_id"),
    "assign_alert": Right(action="handle", kind="alert", by="alert_id"),
    "mute_alert": Right(action="handle", kind="alert", by="alert_id"),
    "resolve_alert": Right(action="handle", kind="alert", by="alert_id"),
    "undo_alert": Right(action="handle", kind="alert", by="alert_id"),
    "list_visits": Right(action="handle", kind="visit"),
    "book_visit": Right(action="handle", kind="visit"),
    "move_visit": Right(action="handle", kind="visit", by="booking_id"),
    "cancel_visit": Right(action="handle", kind="visit", by="booking_id"),
    "lay_out_visit": Right(action="handle", kind="visit", by="booking_id"),
    "tick_off": Right(action="write", kind="patient", by="patient_id"),
    "list_free_machines": Right(action="handle", kind="machine", shows_people=False),
    "lay_down_preset": Right(action="handle", kind="patient", by="patient_id"),
    "list_standing": Right(action="handle", kind="patient", by="patient_id"),
    "end_preset": Right(action="handle", kind="patient", by="preset_id"),
    "list_needs": Right(action="handle", kind="patient"),
    "list_changes": Right(action="handle", kind="session"),
    "countersign_day": Right(action="sign", kind="patient", step_up=True),
    "write_note": Right(action="handle", kind="patient", by="patient_id"),
    "list_notes": Right(action="handle", kind="patient", by="patient_id"),
    "withdraw_note": Right(action="handle", kind="patient", by="note_id"),
    "list_exercises": Right(action="read", kind="patient", by="patient_id"),
    "list_home_exercises": Right(action="read", kind="patient", by="patient_id"),
    "prescribe_exercise": Right(action="handle", kind="patient", by="patient_id"),
    "end_exercise": Right(action="handle", kind="patient", by="exercise_id"),
    "tick_neutral_spine": Right(action="handle", kind="patient", by="patient_id"),
    "answer_question": Right(action="write", kind="patient", by="patient_id"),
    "read_questionnaire": Right(action="read", kind="patient", shows_people=False),
    "list_questionnaires": Right(action="read", kind="patient", by="patient_id"),
    "fill_in_questionnaire": Right(action="write", kind="patient", by="patient_id"),
    "list_tests": Right(action="read", kind="patient", by="patient_id"),
    "order_test": Right(action="handle", kind="patient", by="patient_id"),
    "cancel_test": Right(action="handle", kind="patient", by="test_order_id"),
    "list_functional_tests": Right(action="read", kind="patient", by="patient_id"),
    "enter_functional_test": Right(action="handle", kind="patient", by="patient_id"),
    "withdraw_functional_test": Right(action="handle", kind="patient", by="functional_test_id"),
}
