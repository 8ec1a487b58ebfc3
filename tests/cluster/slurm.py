"""A Slurm of one node on the loopback interface, for as long as a test takes."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

CONFIGURATION = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1
AccountingStorageType=accounting_storage/none
MinJobAge=300
KillWait=2
ReturnToService=2
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmdParameters=config_overrides
NodeName=DEFAULT CPUs={cpus} RealMemory={memory}
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 Port={node_port}
PartitionName=short Nodes=node Default=YES MaxTime=60 DefaultTime=1 State=UP
"""
PROGRAMS = (
    "setpriv",
    "munged",
    "slurmctld",
    "slurmd",
    "sbatch",
    "srun",
    "squeue",
    "scancel",
    "scontrol",
)
START_SECONDS = 30


def missing_programs() -> list[str]:
    """Programs of Slurm and MUNGE that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Slurm:
    """Daemons of a cluster of one node, which any user can start in a folder.

    Commands find this cluster, and not one of the machine's, with `variables` in their environment
    and `programs`, a folder, first on their path.
    """

    def __init__(self, folder: Path, cpus: int = 2, memory: int = 8000):
        self.folder = folder
        self.daemons = []
        for name in ("state", "spool", "bin"):
            (folder / name).mkdir(parents=True)
        self.configuration = folder / "slurm.conf"
        ports = _free_ports(2)
        self.configuration.write_text(
            CONFIGURATION.format(
                host=socket.gethostname().split(".")[0],
                user=getpass.getuser(),
                folder=folder,
                controller_port=ports[0],
                node_port=ports[1],
                cpus=cpus,
                memory=memory,
            )
        )
        # The executor removes SLURM_CONF from the environment of srun.
        srun = folder / "bin" / "srun"
        srun.write_text(
            f'#!/bin/sh\nSLURM_CONF={self.configuration} exec {shutil.which("srun")} "$@"\n'
        )
        srun.chmod(0o755)
        self.programs = str(srun.parent)
        self.variables = {"SLURM_CONF": str(self.configuration)}

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if (self.folder / "spool").exists() and self.daemons:
            self._try("scancel", "--user", getpass.getuser())
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def run(self, *command: str) -> str:
        """What a command of Slurm's prints; fails when the command does."""
        return self._try(*command, check=True).stdout

    def _try(self, *command: str, check: bool = False) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            env=os.environ | self.variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=check,
        )

    def _start(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self._daemon(
            "munged",
            "--foreground",
            "--force",
            *(f"--key-file={key}", f"--socket={self.folder / 'munge.socket'}"),
            *(f"--pid-file={self.folder / 'munge.pid'}", f"--log-file={self.folder / 'munge.log'}"),
            f"--seed-file={self.folder / 'munge.seed'}",
        )
        self._wait("a socket of munged", lambda: (self.folder / "munge.socket").exists())
        self._daemon("slurmctld", "-D", "-f", str(self.configuration))
        self._wait("slurmctld", lambda: self._try("scontrol", "ping").returncode == 0)
        self._daemon("slurmd", "-D", "-N", "node", "-f", str(self.configuration))
        self._wait("an idle node", lambda: "idle" in self._try("sinfo", "-h", "-o", "%T").stdout)

    def _daemon(self, *command: str):
        log = (self.folder / f"{command[0]}.out").open("w")
        with log:
            self.daemons.append(
                subprocess.Popen(
                    # It ends with this process, too.
                    ("setpriv", "--pdeathsig", "TERM", *command),
                    env=os.environ | self.variables,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )

    def _wait(self, what, ready):
        limit = time.monotonic() + START_SECONDS
        while not ready():
            ended = [daemon.args[3] for daemon in self.daemons if daemon.poll() is not None]
            if ended or time.monotonic() > limit:
                raise RuntimeError(f"no {what}; ended: {ended}\n{self._logs()}")
            time.sleep(0.1)

    def _logs(self):
        files = [*self.folder.glob("*.log"), *self.folder.glob("*.out")]
        return "\n".join(f"{path.name}: {path.read_text()[-2000:]}" for path in files)


def _free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
