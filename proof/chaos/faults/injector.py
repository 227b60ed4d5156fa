"""Injects planned faults, and writes to the history when each began and ended."""

from chaos.faults.duplicates import Duplicates
from chaos.faults.greed import order_greedily
from chaos.faults.locks import hold_lock
from chaos.faults.network import LINK_FAULTS, Network
from chaos.faults.processes import Processes
from chaos.faults.read_only import make_read_only
from chaos.history import FaultBegin, FaultEnd
from chaos.names import part_target
from chaos.planned import Planned
from chaos.shop import ShopUnderTest
from chaos.workload.shared import Workload


class Injector:
    """Any thread may inject; faults overlap as their threads do."""

    def __init__(self, shop: ShopUnderTest, workload: Workload) -> None:
        self._shop = shop
        self._workload = workload
        self._network = Network(shop.proxy)
        self._duplicates = Duplicates(shop.proxy, workload)
        processes = Processes(shop)
        self._of_processes = {
            "sigkill": processes.kill,
            "sigterm": processes.terminate,
            "sigstop": processes.freeze,
            "database-kill": processes.stop_database,
            "power-cut": processes.cut_power,
            "clock-shift": processes.shift_clock,
        }

    def inject(self, fault: Planned) -> float | None:
        """
        Inject a fault. Return when it ended, by the run's clock, or None if there was nothing to inject it into.

        :raises StackError: if a part that was stopped does not start again.
        """
        journal = self._workload.journal
        number = journal.number()
        request_id = ""
        if fault.kind == "replay":
            picked = self._duplicates.pick(number, fault)
            if picked is None:
                return None
            request_id = picked
        now = journal.now()
        journal.write(
            FaultBegin(
                at=now.at,
                wall=now.wall,
                fault=number,
                kind=fault.kind,
                target=self._target(fault),
                detail=_detail(fault, request_id),
            )
        )
        touched = self._strike(number, fault, request_id)
        now = journal.now()
        journal.write(FaultEnd(at=now.at, wall=now.wall, fault=number, touched=touched))
        return now.at

    def _strike(self, number: int, fault: Planned, request_id: str) -> int:
        if fault.kind in LINK_FAULTS:
            return self._network.apply(number, fault)
        match fault.kind:
            case "reset":
                return self._network.reset(fault)
            case "replay":
                return self._duplicates.send(number, fault, request_id)
            case "lock":
                hold_lock(self._shop, fault, self._workload.rng(f"fault {number}"))
            case "read-only":
                self._make_read_only(fault)
            case "greedy-customer":
                return order_greedily(self._workload, fault, number)
            case _:
                self._of_processes[fault.kind](fault)
        return 0

    def _make_read_only(self, fault: Planned) -> None:
        role = fault.where.removesuffix("-database")
        links = [link.name for link in self._shop.links.by_name.values() if link.target == f"{role}>database"]
        make_read_only(
            self._shop.clusters[role],
            fault,
            role=role,
            cut=lambda: [self._shop.proxy.reset(link) for link in links],
        )

    def _target(self, fault: Planned) -> str:
        if ">" in fault.where:
            return self._shop.links[fault.where].target
        if fault.where == "everything":
            return fault.where
        is_worker = fault.aim == "worker" and not fault.where.endswith("-database")
        return part_target(fault.where, worker=is_worker)


def _detail(fault: Planned, request_id: str) -> str:
    parts = [fault.where, f"{fault.seconds} s" if fault.seconds else "", request_id]
    if fault.late:
        parts.append(f"{fault.late:+} s" if fault.kind == "clock-shift" else f"{fault.late} s late")
    if fault.kind in {"sigkill", "sigterm", "sigstop"}:
        parts.append(fault.aim)
    if fault.kind.startswith("cut-"):
        parts.append(f"{fault.count} after {fault.share:.0%}")
    return ", ".join(part for part in parts if part)
