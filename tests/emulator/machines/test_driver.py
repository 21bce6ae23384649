from contract.machines import catalogue
from emulator.faults.sensors import Fault
from emulator.machines.driver import EmulatedDriver
from machine_agent.drivers import DriveCommand, Sample

KIND = catalogue()["lumbar_extension"]
GO = DriveCommand(load_g=10_000, start_cdeg=0, end_cdeg=5_000, brake=False, max_speed_cdeg_s=4_500)


def _run(driver: EmulatedDriver, body_ms: int, command: DriveCommand) -> list[Sample]:
    samples: list[Sample] = []
    until = driver.body_ms + body_ms
    while driver.body_ms < until:
        driver.command(command)
        samples += driver.read(driver.body_ms + 20)
    return samples


def test_how_it_is_read_changes_nothing() -> None:
    fine, coarse = EmulatedDriver(KIND, 3), EmulatedDriver(KIND, 3)
    one_by_one = [sample for at in range(1, 5_001) for sample in fine.read(at)]
    assert one_by_one == list(coarse.read(5_000))


def test_an_empty_seat_is_seen_and_a_person_who_has_not_strapped_in_too() -> None:
    driver = EmulatedDriver(KIND, 3)
    assert not _run(driver, 100, GO)[-1].seat
    driver.is_occupied = True
    assert _run(driver, 100, GO)[-1].seat
    driver.leave()
    assert not _run(driver, 100, GO)[-1].seat


def test_closing_unloads() -> None:
    driver = EmulatedDriver(KIND, 3)
    _run(driver, 6_000, GO)
    driver.close()
    assert driver.machine.drive_load_g == 0


def test_faults_touch_what_is_read_and_not_the_machine() -> None:
    faulty = EmulatedDriver(KIND, 3, (Fault(name="silent", from_ms=2_000, until_ms=3_000),))
    sound = EmulatedDriver(KIND, 3)
    read, whole = _run(faulty, 6_000, GO), _run(sound, 6_000, GO)
    assert read == [sample for sample in whole if not 2_000 <= sample.body_ms < 3_000]
    assert faulty.machine.drive_load_g == sound.machine.drive_load_g
