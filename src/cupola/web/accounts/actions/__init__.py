"""Everything that writes records of accounts, and the folder applied to the records of every app."""

from cupola.web.accounts.actions.city import CityKeeper
from cupola.web.accounts.actions.folder import apply_folder, export_folder
from cupola.web.accounts.actions.keepers import Keeper, register_keeper
from cupola.web.accounts.actions.preparation import prepare_records

__all__ = ["CityKeeper", "Keeper", "apply_folder", "export_folder", "prepare_records", "register_keeper"]
