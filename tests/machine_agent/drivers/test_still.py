from machine_agent.drivers import DriveCommand
from machine_agent.drivers.still import make


def test_fifty_samples_a_second_of_an_arm_at_rest() -> None:
    driver = make({})
    assert [one.body_ms for one in driver.read(100)] == [100]
    assert [one.body_ms for one in driver.read(165)] == [120, 140, 160]
    assert driver.read(170) == []
    driver.command(DriveCommand(load_g=5_000, start_cdeg=0, end_cdeg=1, brake=False, max_speed_cdeg_s=1))
    [sample] = driver.read(180)
    assert (sample.deg, sample.load_g) == (0.0, 0)
    driver.close()
    assert driver.open_loop
