"""Lists of the screens as tables: what a tab shows, narrowed as it is, in one file that names nobody."""

from dashboard.api.people import Patient
from dashboard.client import Client, Failure, File, path


def read_table(client: Client, patient: Patient, what: str, **narrowed: str) -> File | Failure:
    """Ask for the `what` (balance, progress, pain, adjustments, sessions) of one person as CSV."""
    where = path("/v1/patients/{}/" + what + ".csv", patient.id)
    return client.get_file(where, f"{what}.csv", **narrowed)


def read_reps(client: Client, session: str) -> File | Failure:
    """Ask for the reps of one session as CSV."""
    return client.get_file(path("/v1/sessions/{}/reps.csv", session), "reps.csv")
