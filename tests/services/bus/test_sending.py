from services.bus.sending import Sending
from services.coaching import Outgoing

ROW = Outgoing(id="row-1", topic="openspine-sim/v1/lumbar-1/down/setting", payload=b"", expiry_s=30)


def test_a_row_is_sent_anew_only_once_the_store_knows_of_it() -> None:
    sending = Sending()
    assert sending.begin([ROW]) == (ROW,)
    sending.confirmed(ROW.id, has_it=True)
    published = sending.take_published()
    assert (published, sending.take_published()) == ([ROW.id], [])
    assert sending.begin([ROW]) == ()  # another lane looks while this one notes it
    sending.put_back(published)  # the database was away
    assert sending.begin([ROW]) == ()
    published = sending.take_published()
    assert published == [ROW.id]
    sending.noted(published)
    assert sending.begin([ROW]) == (ROW,)


def test_a_row_that_was_lost_with_its_link_is_sent_anew_at_once() -> None:
    sending = Sending()
    sending.begin([ROW])
    sending.confirmed(ROW.id, has_it=False)
    assert (sending.take_published(), sending.begin([ROW])) == ([], (ROW,))
