"""The dossier domain: records, use cases, rights, audit and storage.

============= ============================================================================================================
``scans``     a scan's way: taken in, read, reviewed, filed
``finding``   everything that is asked of the index
``forms``     forms that come often
``mongo``     storage: the database's records, and the blobs
``copies``    backups: made, checked, restored
``running``   the programs and how they are kept running
``cli``       the command line
``demo``      made-up customers and forms
============= ============================================================================================================

Dossiers, accounts, rights and the audit trail, which all of these need, stand beside them.

Words, each with one meaning:

* A *dossier* (客户档案) is everything the office keeps about one customer: the ISAD(G) file level. It has a *code* (档号),
  *fields*, tags, notes and *attachments* (the item level).
* A *blob* is bytes in the store, addressed by their SHA-256.
* A *scan* is one received file on its way from the *receipt* to a dossier; a *page* is one side of it, with its words.
* A *batch* is what one person handed in together.
* A *field value* is the raw text, the normalised value and the *provenance*: who typed it, or which scan, page and box it
  was read from, by which engine, at what confidence, and who confirmed it.
* A *finding* is one field as read from a scan, waiting for the *review* in which a person confirms, corrects or rejects it.
* A *candidate* is a dossier that a scan may belong to, with the reasons.
* An *actor* is whoever acts: every use case takes the actor first and checks the actor's *rights* first.
* A *unit* is a part of the office; a dossier belongs to one, a user to any number.
* An *audit event* says who did what to which record; it is appended, never changed.
"""
