from . import neglected_deals
