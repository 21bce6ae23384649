"""The table of verbs; each names the function that runs it, imported only then."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One line of `--help`; a name of two words is a verb within a group."""

    name: str
    path: str
    help: str
    group_help: str = ""


VERBS = (
    Verb(
        name="demo",
        path="openspine.verbs.demo:run",
        help="A whole studio on this computer: machines, patients, service, dashboard.",
    ),
    Verb(
        name="test",
        path="openspine.verbs.test:run",
        help="Check style, types, import rules and run the tests.",
    ),
    Verb(
        name="serve", path="openspine.verbs.serve:run", help="Run the service: MQTT rim, coaching, HTTP API."
    ),
    Verb(
        name="worker",
        path="openspine.verbs.worker:run",
        help="Handle a share of the machines' messages beside a service.",
    ),
    Verb(name="agent", path="openspine.verbs.agent:run", help="Run the agent of one machine."),
    Verb(name="enrol", path="openspine.verbs.enrol:run", help="Claim a machine's place by a one-time code."),
    Verb(
        name="emulate",
        path="openspine.verbs.emulate:run",
        help="Let emulated people train at emulated machines.",
    ),
    Verb(
        name="emulate day",
        path="openspine.verbs.emulate_day:run",
        help="A studio's day: booked visits, late and missing people, staff who react.",
    ),
    Verb(
        name="emulate faults",
        path="openspine.verbs.emulate:faults",
        help="List the faults that can be planted, and what each must meet.",
    ),
    Verb(
        name="emulate calibrate",
        path="openspine.verbs.emulate_calibrate:run",
        help="The emulated people and machines beside published figures.",
    ),
    Verb(
        name="kiosk",
        path="openspine.verbs.kiosk:run",
        help="Show the patient's screen, with an emulated body in the seat.",
    ),
    Verb(
        name="import",
        path="openspine.verbs.recordings:import_",
        help="Make a recording of a foreign table, CSV or Parquet.",
    ),
    Verb(
        name="record",
        path="openspine.verbs.record:run",
        help="Record what travels on a broker, only listening.",
    ),
    Verb(
        name="rec info",
        path="openspine.verbs.rec:info",
        help="Say what a recording holds.",
        group_help="Recordings: look into them, cut, join, mend, export.",
    ),
    Verb(
        name="rec cat",
        path="openspine.verbs.rec:cat",
        help="Print the messages of a recording.",
    ),
    Verb(
        name="rec filter",
        path="openspine.verbs.rec:filter_",
        help="Write a part of a recording into a new one.",
    ),
    Verb(
        name="rec merge",
        path="openspine.verbs.rec:merge",
        help="Put several recordings into one.",
    ),
    Verb(
        name="rec repair",
        path="openspine.verbs.rec:repair",
        help="Save what can be read of a cut off or damaged recording.",
    ),
    Verb(
        name="rec export",
        path="openspine.verbs.rec:export",
        help="Make tables of a recording: Parquet or CSV.",
    ),
    Verb(
        name="replay",
        path="openspine.verbs.replay:run",
        help="Play a recording again: what machines said, or samples through the true agent.",
    ),
    Verb(
        name="conformance",
        path="openspine.verbs.conformance:run",
        help="Play the service against any agent, and say which rules it keeps.",
    ),
    Verb(
        name="decide",
        path="openspine.verbs.model:decide",
        help="Decide a logged request, or a recorded day, again, byte for byte.",
    ),
    Verb(
        name="whatif",
        path="openspine.verbs.whatif:run",
        help="A person's history under another policy or other limits.",
    ),
    Verb(
        name="train", path="openspine.verbs.artifact:train", help="Train the effort model on emulated sets."
    ),
    Verb(
        name="model card",
        path="openspine.verbs.artifact:model_card",
        help="Write the model card as a page.",
        group_help="The effort model: its card and who vouches for it.",
    ),
    Verb(
        name="model sign",
        path="openspine.verbs.artifact:model_sign",
        help="Sign the card of an artifact.",
    ),
    Verb(
        name="evaluate control",
        path="openspine.verbs.evaluate_control:run",
        help="Policies in a closed loop with emulated people, beside a safe oracle.",
        group_help="Judge the model by its goals.",
    ),
    Verb(
        name="evaluate forecast",
        path="openspine.verbs.evaluate:forecast",
        help="The next set's reps of real people, beside five published methods.",
    ),
    Verb(
        name="evaluate capacity",
        path="openspine.verbs.evaluate:capacity",
        help="1RM from lighter sets to failure, beside Epley and Brzycki.",
    ),
    Verb(
        name="shadow report",
        path="openspine.verbs.shadow:report",
        help="Say what challengers would have done.",
        group_help="Policies and models that decide beside the one in use.",
    ),
    Verb(
        name="db upgrade",
        path="openspine.verbs.database:upgrade",
        help="Create or migrate the database.",
        group_help="Look after the database.",
    ),
    Verb(
        name="generate",
        path="openspine.verbs.generate:run",
        help="Weeks of invented history into a store, through the real coaching.",
    ),
    Verb(
        name="db seed", path="openspine.verbs.database:seed", help="Fill it with the demo's invented people."
    ),
    Verb(
        name="bench loop",
        path="openspine.verbs.bench:loop",
        help="Our closed loop beside a raw loop, in one run.",
        group_help="Measure ratios.",
    ),
    Verb(
        name="chaos edge",
        path="openspine.verbs.chaos:edge",
        help="Rows through cuts, delays, doubles and a dying broker: 0 lost, 0 doubled.",
        group_help="Faults between the true ends of the wire.",
    ),
    Verb(
        name="chaos service",
        path="openspine.verbs.chaos:service",
        help="SIGKILL for service and broker, a stopped database, a backlog, a flood: 0 lost, 0 doubled.",
    ),
    Verb(
        name="chaos simulation",
        path="openspine.verbs.chaos:simulation",
        help="Agent, broker and service in virtual time, one world a seed: 0 lost, 0 doubled.",
    ),
    Verb(
        name="fuzz guard",
        path="openspine.verbs.fuzz:guard",
        help="Random and hostile settings against the guard, judged by an oracle.",
        group_help="Random and hostile input, counted.",
    ),
    Verb(
        name="fuzz mqtt",
        path="openspine.verbs.fuzz:mqtt",
        help="Random and hostile payloads at codec, coaching and bus: none may vanish.",
    ),
    Verb(
        name="admin keys list",
        path="openspine.verbs.keys:list_",
        help="List the signing keys: what each signs, and which is current.",
        group_help="Keys, staff PINs, and who may sign limits.",
    ),
    Verb(
        name="admin keys new", path="openspine.verbs.keys:new", help="Make a command, envelope or model key."
    ),
    Verb(
        name="admin keys use",
        path="openspine.verbs.keys:use_",
        help="Let a key sign from the next start of its process on.",
    ),
    Verb(
        name="admin keys retire",
        path="openspine.verbs.keys:retire",
        help="Withdraw a key for ever.",
    ),
    Verb(
        name="admin keys publish",
        path="openspine.verbs.keys:publish",
        help="Write what agents are given: public keys and site key.",
    ),
    Verb(
        name="admin pin",
        path="openspine.verbs.admin:pin",
        help="Make the line of a staff PIN for a machine's configuration.",
    ),
    Verb(
        name="admin operator new",
        path="openspine.verbs.admin:operator_new",
        help="Let somebody sign limits; prints a token once.",
        group_help="Who may ask the prescribing process.",
    ),
    Verb(
        name="admin operator dismiss",
        path="openspine.verbs.admin:operator_dismiss",
        help="Let somebody sign limits no more.",
    ),
    Verb(
        name="admin staff add",
        path="openspine.verbs.staff:add",
        help="Invite somebody; prints a one-time code for the sign-in page.",
        group_help="Who may sign in.",
    ),
    Verb(name="admin staff list", path="openspine.verbs.staff:list_", help="List who may sign in."),
    Verb(
        name="admin staff disable",
        path="openspine.verbs.staff:disable",
        help="Let somebody sign in no more, at once.",
    ),
    Verb(
        name="admin staff reset",
        path="openspine.verbs.staff:reset",
        help="End passphrase and second factor of somebody, and invite anew.",
    ),
    Verb(
        name="admin broker set-up",
        path="openspine.verbs.broker:set_up",
        help="Write the production broker's configuration: TLS, nobody anonymous.",
        group_help="Who may speak to the production broker.",
    ),
    Verb(
        name="admin broker admit",
        path="openspine.verbs.broker:admit",
        help="Let a client speak to the broker; prints a password once.",
    ),
    Verb(
        name="admin broker dismiss",
        path="openspine.verbs.broker:dismiss",
        help="Let a client speak to the broker no more.",
    ),
    Verb(
        name="admin broker list",
        path="openspine.verbs.broker:list_",
        help="List the clients, and what each may publish and subscribe to.",
    ),
    Verb(
        name="admin broker sync",
        path="openspine.verbs.enrol:sync",
        help="Let enrolled machines in, and retired ones no more.",
    ),
    Verb(
        name="bench fence",
        path="openspine.verbs.bench_fence:run",
        help="What screens read, with and without row-level security.",
    ),
    Verb(
        name="bench adjust",
        path="openspine.verbs.bench:adjust",
        help="A decision alone and in a batch, beside a plain filter.",
    ),
    Verb(
        name="bench agent",
        path="openspine.verbs.bench:agent",
        help="Start, memory, processor and disk of the agent.",
    ),
    Verb(
        name="bench emulator",
        path="openspine.verbs.bench:emulator",
        help="Emulated sets a second, and the true agent beside real time.",
    ),
    Verb(
        name="export patient",
        path="openspine.verbs.privacy:export_patient",
        help="Everything about a person: JSON, CSV and MCAP.",
        group_help="Take data away.",
    ),
    Verb(
        name="admin erase-patient",
        path="openspine.verbs.privacy:erase_patient",
        help="Erase a person and every row about them.",
    ),
    Verb(
        name="admin retention",
        path="openspine.verbs.privacy:retention",
        help="Take what has been kept long enough.",
    ),
    Verb(
        name="admin keys rotate",
        path="openspine.verbs.keys:rotate",
        help="Make a new audit or identity key and keep the old one to check and open with.",
    ),
    Verb(
        name="db backup",
        path="openspine.verbs.database:backup",
        help="Copy every row into a new SQLite file, sealed as it is.",
    ),
    Verb(
        name="db restore",
        path="openspine.verbs.database:restore",
        help="Fill an empty database from a backup, and erase again who was erased since.",
    ),
    Verb(
        name="db reseal",
        path="openspine.verbs.database:reseal",
        help="Seal names, codes and notes with the current identity key.",
    ),
    Verb(
        name="audit verify",
        path="openspine.verbs.audit:verify",
        help="Check the chain of who did what.",
        group_help="Who did what: checked, anchored, handed out.",
    ),
    Verb(
        name="audit head",
        path="openspine.verbs.audit:head",
        help="Print the end of the chain, signed, to be kept elsewhere.",
    ),
    Verb(
        name="audit export",
        path="openspine.verbs.audit:export",
        help="Print every entry as a line of JSON.",
    ),
    Verb(
        name="doctor",
        path="openspine.verbs.doctor:run",
        help="Say what is installed here and what is missing.",
    ),
    Verb(
        name="export fhir",
        path="openspine.verbs.export:fhir",
        help="A person's record as a FHIR R4 Bundle.",
        group_help="Take data along: FHIR, CSV, Parquet.",
    ),
    Verb(name="export csv", path="openspine.verbs.export:csv", help="The lists of the screens as CSV."),
    Verb(
        name="export parquet",
        path="openspine.verbs.export:parquet",
        help="Sets, reps and decisions for research, de-identified.",
    ),
    Verb(
        name="report",
        path="openspine.verbs.report:run",
        help="A patient's page as a PDF, English or Chinese.",
    ),
)
