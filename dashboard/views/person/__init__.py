"""Who a person is to the studio: what was asked at enrolment, card and language, site, coming and going."""
