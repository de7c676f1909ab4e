"""Draws filled customer forms as an office scanner would deliver them, and writes down what stands where.

A *layout* is one printed form; a *sheet* is the paper it is drawn on, measured in millimetres; an *answer* is what an
invented customer wrote into it; a *look* is what paper, scanner and file format did to the sheet; the *truth* lists
every text and every key-value pair of the final image with its box.

Nothing here describes a living person: names, numbers and streets are put together by chance, e-mail addresses end in
the domains that RFC 2606 reserves, English telephone numbers lie in the ranges kept for fiction.
"""
