"""What an admin reaches, by a list that is not worked out of the table of rights."""

from services.access import may
from services.api.rights import RIGHTS

# Written by hand, apart from the table of rights, so that a wrong line there is seen: no health data is here.
REACHED_BY_ADMIN = """
    add_site change_site close_site open_site list_sites set_site_advice
    enrol_machine renew_machine_code change_machine retire_machine bring_back_machine calibrate_machine
    record_conformance list_conformance read_conformance read_retention
    read_machine list_machines list_machine_health list_firmware
    invite_staff change_staff_role disable_staff reset_staff list_staff link_staff unlink_staff
    enrol_screen revoke_screen list_screens
    list_dead_letters requeue_dead_letter read_model search_everything erase_patient
    sign_out_everywhere step_up read_me
"""


def test_an_admin_reaches_what_is_written_here_and_nothing_else() -> None:
    rights = {name: right for name, right in RIGHTS.items() if right is not None}
    reached = {name for name, right in rights.items() if may("admin", right.action, right.kind)}
    assert reached == set(REACHED_BY_ADMIN.split())
