"""Values of forms: their kinds, the rules of each kind, and what can be wrong with one.

``check_value`` is the only entrance; the modules beside it hold the rules, one family of kinds each.
"""

from .addresses import AddressParts, address_parts
from .check import check_value
from .checked import CheckedValue
from .id_number import id_number_birth_date, id_number_sex
from .kind import Kind
from .problems import PROBLEMS, Problem, Severity

__all__ = [
    "PROBLEMS",
    "AddressParts",
    "CheckedValue",
    "Kind",
    "Problem",
    "Severity",
    "address_parts",
    "check_value",
    "id_number_birth_date",
    "id_number_sex",
]
