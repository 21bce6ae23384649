from contract.recording import Sample
from emulator.replay.recorded_driver import HEAD_MS, RecordedDriver
from machine_agent.drivers import DriveCommand

SAMPLES = [
    Sample(mono_ms=5_000 + 20 * index, deg=10.0 + index, deg_s=50.0, torque_nm=7.0) for index in range(5)
]


def test_the_arm_waits_at_the_first_angle_until_it_is_told_to_play() -> None:
    driver = RecordedDriver(SAMPLES)
    waiting = [sample for at in range(20, 1_000, 20) for sample in driver.read(at)]
    assert {sample.deg for sample in waiting} == {10.0}
    assert not driver.is_playing


def test_samples_come_once_in_order_at_their_own_pace() -> None:
    driver = RecordedDriver(SAMPLES)
    driver.read(1_000)
    driver.play()
    driver.play()
    found = [sample for at in range(1_020, 3_000, 20) for sample in driver.read(at)]
    played = [sample for sample in found if sample.deg_s]
    assert [sample.deg for sample in played] == [10, 11, 12, 13, 14]
    assert [sample.body_ms for sample in played] == [1_000 + HEAD_MS + 20 * index for index in range(5)]
    assert driver.is_over
    assert driver.position == 1
    assert found[-1].deg == 14


def test_commands_move_nothing() -> None:
    driver = RecordedDriver(SAMPLES)
    driver.command(DriveCommand(load_g=20_000, start_cdeg=0, end_cdeg=0, brake=True, max_speed_cdeg_s=0))
    assert driver.open_loop
    assert driver.commands == 1
    assert driver.read(20)[0].load_g == 0


def test_an_empty_recording_is_over_at_once() -> None:
    driver = RecordedDriver([])
    driver.play()
    assert driver.is_over
    assert driver.read(20)[0].deg == 0
