"""The words for the archive's codes: states, roles, problems, reasons, errors. English here, the rest in the catalogues."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Words = Mapping[str, LazyString]

ROLES: Words = {
    "viewer": _l("Viewer"),
    "clerk": _l("Clerk"),
    "archivist": _l("Archivist"),
    "auditor": _l("Auditor"),
    "admin": _l("Administrator"),
}

ROLE_HINTS: Words = {
    "viewer": _l("Finds and reads dossiers; sensitive values stay masked."),
    "clerk": _l("Uploads scans, reviews their own, and may reveal masked values with a reason."),
    "archivist": _l("Reviews everything, edits dossiers and their types in the units below."),
    "auditor": _l("Reads the audit trail; sees no dossiers."),
    "admin": _l("Manages users and units; sees no dossiers."),
}

SCAN_STATES: Words = {
    "received": _l("Received"),
    "reading": _l("Being read"),
    "needs_review": _l("Needs review"),
    "filed": _l("Filed"),
    "failed": _l("Failed"),
    "rejected": _l("Set aside"),
}

DOSSIER_STATES: Words = {
    "draft": _l("Draft"),
    "active": _l("Active"),
    "closed": _l("Closed"),
}

COLOURS: Mapping[str, str] = {
    "received": "blue",
    "reading": "azure",
    "needs_review": "orange",
    "filed": "green",
    "failed": "red",
    "rejected": "secondary",
    "draft": "yellow",
    "active": "green",
    "closed": "secondary",
}
"""The colour of a state's badge; the badge says the state in words too."""

THEMES: Words = {
    "auto": _l("As the system"),
    "light": _l("Light"),
    "dark": _l("Dark"),
}

CHANNELS: Words = {
    "web": _l("Upload page"),
    "cli": _l("Command line"),
    "folder": _l("Watched folder"),
    "demo": _l("Demonstration"),
}

REASONS: Words = {
    "same-id-number": _l("Same ID number"),
    "same-uscc": _l("Same credit code"),
    "same-passport": _l("Same passport number"),
    "same-phone": _l("Same telephone number"),
    "same-name-and-birth-date": _l("Same name and date of birth"),
    "same-name": _l("Same name"),
    "same-company": _l("Same company name"),
}

ACTIONS: Words = {
    "created": _l("Created"),
    "edited": _l("Edited"),
    "filed": _l("Scan filed"),
    "noted": _l("Note added"),
    "restored": _l("Earlier version restored"),
    "taken-out": _l("Scan taken out"),
    "trashed": _l("Put into the trash"),
    "untrashed": _l("Brought back from the trash"),
}

PROBLEMS: Words = {
    "sex-unknown": _l("This is neither male nor female. Enter one of them."),
    "sex-unmarked": _l("Both choices are printed and no tick was found. Look at the form and choose."),
    "date-format": _l("This is not a date. Enter it as 2024-03-05, 2024-03 or 2024."),
    "date-impossible": _l("There is no such day in the calendar. Compare it with the form."),
    "date-span": _l("This is a span of time, not a day. Enter the day that is asked for; of a validity, the last."),
    "date-in-future": _l("A date of birth cannot lie in the future."),
    "id-length": _l("An ID number has 18 characters (15 on cards from before 1999). Compare it with the form."),
    "id-characters": _l("An ID number has digits only; the last place may be X."),
    "id-birth-date": _l("Digits 7 to 14 of the ID number are not a possible date of birth."),
    "id-checksum": _l("The last place of the ID number does not fit the others: at least one digit is wrong."),
    "uscc-length": _l("A unified social credit code has 18 characters."),
    "uscc-characters": _l("A unified social credit code has digits and capital letters without I, O, Z, S, V."),
    "uscc-checksum": _l("The last place of the credit code does not fit the others: at least one character is wrong."),
    "uscc-organisation-checksum": _l("Places 9 to 17 of the credit code are not a valid organisation code."),
    "organisation-code-format": _l("An organisation code has 8 characters and one check character."),
    "organisation-code-checksum": _l("The check character of the organisation code does not fit the others."),
    "licence-format": _l("A business licence number has 15 digits, or is a credit code of 18 characters."),
    "licence-checksum": _l("The last digit of the licence number does not fit the others."),
    "passport-format": _l("A passport number has 6 to 9 letters and digits."),
    "travel-permit-format": _l("A travel permit has H or M and 8 or 10 digits, or 8 digits, or C and 8 characters."),
    "phone-format": _l("This is not a telephone number. Enter it with its area code, such as 010-12345678."),
    "phone-length": _l("The telephone number has too many or too few digits."),
    "mobile-length": _l(
        "A mobile number of mainland China has 11 digits and begins with 1; write others with + and country."
    ),
    "email-format": _l("This is not an e-mail address. It needs a name, @ and a domain with a dot."),
    "postcode-format": _l("A postal code has 6 digits."),
    "bank-card-format": _l("A bank card number has 13 to 19 digits."),
    "bank-account-format": _l("A bank account number has 6 to 32 digits or letters."),
    "amount-format": _l("This is not an amount of money."),
    "number-format": _l("This is not a number."),
    "bool-unknown": _l("This is neither yes nor no."),
    "blank": _l("There is no value."),
    "date-century-guessed": _l("The year has two digits; the century was guessed."),
    "date-order-guessed": _l("Day and month can be read either way round; month first was assumed."),
    "date-era": _l("The year was counted in the era of the Republic (民国) and has been converted."),
    "birth-date-differs": _l("The date of birth is another than the one in the ID number. Compare both with the form."),
    "sex-differs": _l("The sex is another than the one in the ID number. Compare both with the form."),
    "date-without-end": _l("This is no date: it says that there is no end."),
    "date-far": _l("The date lies more than 130 years back or 100 years ahead."),
    "id-old-15": _l("This is an ID number of 15 digits; it was extended to 18."),
    "id-region": _l("The first digits of the ID number are no known province."),
    "uscc-department": _l("The first character of the credit code is no known registration department."),
    "licence-is-uscc": _l("This is a unified social credit code."),
    "uscc-is-licence": _l("This is a business licence number of the old kind, with 15 digits."),
    "passport-foreign": _l("This has not the form of a Chinese passport number."),
    "phone-unassigned": _l("The number is possible, but its prefix is not in use as far as is known."),
    "phone-area-missing": _l("The number has no area code."),
    "phone-country-guessed": _l(
        "The number has no country code; it is none of mainland China and was taken as North American."
    ),
    "phone-several": _l("There are several numbers; the first one was taken."),
    "mobile-is-landline": _l("This is a landline number."),
    "postcode-foreign": _l("This is a postal code of another country."),
    "bank-card-luhn": _l(
        "The last digit of the card number does not fit the others. Most cards fit; compare it with the form."
    ),
    "amount-foreign-currency": _l("The amount is in another currency than CNY."),
    "number-unit": _l("The unit after the number was left out."),
    "name-characters": _l("A name rarely has digits or signs in it."),
}
"""What the validator finds, by the codes of ``ocr.values.problems``."""


AUDIT_ACTIONS: Words = {
    "archive.backup": _l("Backup made"),
    "archive.restore": _l("Archive restored from a backup"),
    "search": _l("Searched"),
    "login": _l("Logged in"),
    "login.refused": _l("Login refused"),
    "logout": _l("Logged out"),
    "logout-elsewhere": _l("Logged out on other devices"),
    "user.setup": _l("First administrator made"),
    "user.create": _l("User added"),
    "user.rights-changed": _l("Rights of a user changed"),
    "user.password-set": _l("Password set by link"),
    "user.password-changed": _l("Password changed"),
    "user.password-reset": _l("Password reset"),
    "unit.save": _l("Unit saved"),
    "type.save": _l("Dossier type changed"),
    "form.register": _l("Form template begun"),
    "form.view": _l("Form template viewed"),
    "form.save": _l("Form template changed"),
    "form.activate": _l("Form template put to use"),
    "form.retire": _l("Form template retired"),
    "form.delete": _l("Form template deleted"),
    "form.retry": _l("Form template prepared again"),
    "form.try": _l("Form template tried on a scan"),
    "form.export": _l("Form template downloaded"),
    "label.accept": _l("Printed label added to a field"),
    "label.dismiss": _l("Printed label dismissed"),
    "dossier.create": _l("Dossier created"),
    "dossier.view": _l("Dossier viewed"),
    "dossier.edit-open": _l("Dossier opened for editing"),
    "dossier.edited": _l("Dossier changed"),
    "dossier.filed": _l("Dossier completed from a scan"),
    "dossier.noted": _l("Note added to a dossier"),
    "dossier.restored": _l("Earlier version of a dossier restored"),
    "dossier.taken-out": _l("Dossier without a scan again"),
    "dossier.trashed": _l("Dossier put into the trash"),
    "dossier.untrashed": _l("Dossier brought back from the trash"),
    "scan.receive": _l("Scan received"),
    "dossier.reveal": _l("Masked value revealed"),
    "attachment.download": _l("Attachment downloaded"),
    "export": _l("Result exported"),
    "search.list": _l("List looked up"),
    "search.list-download": _l("Answers to a list downloaded"),
    "search.save": _l("Search saved"),
    "search.change": _l("Saved search changed"),
    "search.delete": _l("Saved search deleted"),
    "scan.read": _l("Scan read"),
    "scan.review": _l("Scan reviewed"),
    "scan.file": _l("Scan filed into a dossier"),
    "scan.take-out": _l("Scan taken out of a dossier"),
    "scan.failed": _l("Scan failed"),
    "scan.retry": _l("Scan read again"),
    "scan.discard": _l("Scan set aside"),
    "scan.restore": _l("Scan brought back"),
    "scan.download": _l("Original downloaded"),
    "scan.searchable": _l("Searchable PDF downloaded"),
}

AUDIT_DETAILS: Words = {
    "active": _l("may log in"),
    "attachment": _l("attachment"),
    "channel": _l("received by"),
    "code": _l("code"),
    "count": _l("dossiers"),
    "dossier": _l("dossier"),
    "engine": _l("read with"),
    "field": _l("field"),
    "files": _l("files"),
    "filters": _l("filters"),
    "format": _l("format"),
    "length": _l("characters typed"),
    "lines": _l("lines"),
    "lost": _l("files lost"),
    "pages": _l("pages"),
    "query": _l("mark of the words"),
    "reason": _l("reason"),
    "receipt": _l("receipt"),
    "revealed": _l("unmasked"),
    "revision": _l("revision"),
    "roles": _l("roles"),
    "roles_after": _l("roles after"),
    "roles_before": _l("roles before"),
    "total": _l("hits"),
    "units": _l("units"),
    "units_after": _l("units after"),
    "units_before": _l("units before"),
    "version": _l("version"),
}
"""What the details of an event are called."""

OBJECT_KINDS: Words = {
    "dossier": _l("Dossier"),
    "scan": _l("Scan"),
    "user": _l("User"),
    "type": _l("Dossier type"),
    "form": _l("Form template"),
    "unit": _l("Unit"),
    "batch": _l("Batch"),
    "search": _l("Search"),
    "list": _l("List"),
    "archive": _l("Archive"),
}


def words_for(table: Words, code: str) -> str:
    """Return the words for a code; an unknown code is shown as it is, for somebody can then ask about it."""
    return str(table.get(code, code))
