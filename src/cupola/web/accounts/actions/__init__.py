"""Everything that writes records of accounts, and the folder applied to the records of every app."""

from cupola.web.accounts.actions.auditing import MayNotSeeAuditLog, record_audit_export, record_read
from cupola.web.accounts.actions.city import CityKeeper
from cupola.web.accounts.actions.folder import apply_folder, export_folder
from cupola.web.accounts.actions.keepers import Keeper, register_keeper
from cupola.web.accounts.actions.people import (
    MayNotManagePeople,
    PersonExists,
    PersonInvalid,
    PersonUnknown,
    RoleFor,
    RoleUnknown,
    add_person,
    block_person,
    check_may_manage,
    end_sessions,
    find_person,
    give_role,
    give_roles_of_groups,
    password_link,
    reset_second_factor,
    take_role,
    unblock_person,
)
from cupola.web.accounts.actions.preparation import prepare_records
from cupola.web.accounts.actions.sessions import (
    record_account_change,
    record_end_of_session,
    record_failed_sign_in,
    record_refusal,
    record_sign_in,
    record_sign_out,
)

__all__ = [
    "CityKeeper",
    "Keeper",
    "MayNotManagePeople",
    "MayNotSeeAuditLog",
    "PersonExists",
    "PersonInvalid",
    "PersonUnknown",
    "RoleFor",
    "RoleUnknown",
    "add_person",
    "apply_folder",
    "block_person",
    "check_may_manage",
    "end_sessions",
    "export_folder",
    "find_person",
    "give_role",
    "give_roles_of_groups",
    "password_link",
    "prepare_records",
    "record_account_change",
    "record_audit_export",
    "record_end_of_session",
    "record_failed_sign_in",
    "record_read",
    "record_refusal",
    "record_sign_in",
    "record_sign_out",
    "register_keeper",
    "reset_second_factor",
    "take_role",
    "unblock_person",
]
