"""What must be proven again is named here once more: the table alone would agree with itself."""

from services.api.rights import RIGHTS

PROVEN_AGAIN = """
    invite_staff change_staff_role disable_staff reset_staff link_staff unlink_staff confirm_staff
    enrol_screen enrol_machine renew_machine_code bring_back_machine
    read_everything erase_patient clear_exclusion clear_symptoms change_phase
    countersign_capacity countersign_day export_fhir export_report export_patients export_alerts
    export_sessions export_adjustments export_progress export_pain export_balance export_reps
"""


def test_what_signs_exports_erases_or_lets_somebody_in_is_proven_again() -> None:
    rights = {name: right for name, right in RIGHTS.items() if right is not None}
    asked = {name for name, right in rights.items() if right.step_up}
    assert asked == set(PROVEN_AGAIN.split())
    assert {name for name, right in rights.items() if right.action in ("export", "erase")} - asked == set()
