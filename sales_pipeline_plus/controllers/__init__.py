from . import guide
from . import neglected_deals
