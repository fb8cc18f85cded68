"""What a command says when it can't go on, in Swedish. The rooms below this one raise it in English, one line each.

A line is places, then a clause, with `: ` between: `samband-data/samband.db: is damaged: put it back from a backup`.
Each clause here stands as it is raised, `{}` for what is filled in; what stands there is translated too.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

_SWEDISH: Mapping[str, str] = {
    # --- the command line's own
    "{}. See '{} --help'.": "{}. Se '{} --help'.",
    "{}? See '{} --help'.": "{}? Se '{} --help'.",
    "{} (Possible options: {})": "{} (menade du {}?)",
    "{}. Did you mean {}": "{}. Menade du {}",
    "No such command '{}'": "Kommandot '{}' finns inte",
    "No such option: {}": "Valet {} finns inte",
    "Missing command": "Kommando saknas",
    "Missing argument {}": "Argumentet {} saknas",
    "Missing option {}": "Valet {} saknas",
    "Invalid value for {}: {}": "Ogiltigt värde för {}: {}",
    "Invalid value: {}": "Ogiltigt värde: {}",
    "Value error, {}": "{}",
    "{} is not one of {}": "{} är inget av {}",
    "Input should be a valid integer, unable to parse string as an integer": "ska vara ett heltal",
    "Input should be a valid number, unable to parse string as a number": "ska vara ett tal",
    "Input should be a valid boolean, unable to interpret input": "ska vara ja eller nej",
    "Input should be greater than or equal to {}": "ska vara minst {}",
    "Input should be less than or equal to {}": "ska vara högst {}",
    "Option {} requires an argument": "Valet {} behöver ett värde",
    "Option {} requires {} arguments": "Valet {} behöver {} värden",
    "Option {} does not take a value": "Valet {} tar inget värde",
    "Got unexpected extra argument(s) ({})": "Argument för mycket ({})",
    # --- the system's
    "No such file or directory": "filen eller mappen finns inte",
    "Is a directory": "är en mapp",
    "Not a directory": "är ingen mapp",
    "Permission denied": "åtkomst nekad",
    "Operation not permitted": "är inte tillåtet",
    "Read-only file system": "filsystemet kan bara läsas",
    "File exists": "finns redan",
    "File name too long": "filnamnet är för långt",
    "Input/output error": "läs- eller skrivfel",
    "Too many open files": "för många öppna filer",
    "Address already in use": "adressen är upptagen",
    "Cannot assign requested address": "adressen finns inte på den här maskinen",
    "No space left on device": "disken är full",
    "no room on the disk: make room and run again": "disken är full: skapa utrymme och kör igen",
    "fault in samband itself ({}): please report it": "fel i samband självt ({}): anmäl det",
    "the command needs an extra: pip install 'samband[distributed]'": (
        "kommandot behöver ett tillägg: pip install 'samband[distributed]'"
    ),
    "interrupted: what is recorded stands": "avbrutet: det som är bokfört står kvar",
    "an argument holds a password, which every user of this machine can see: set SAMBAND_POSTGRES_URL in the "
    "environment, or leave the password to a file (PGPASSFILE)": (
        "ett argument innehåller ett lösenord, som varje användare av maskinen kan se: sätt SAMBAND_POSTGRES_URL i"
        " miljön, eller lämna lösenordet till en fil (PGPASSFILE)"
    ),
    # --- files
    "can't be read": "kan inte läsas",
    "can't be written": "kan inte skrivas",
    "can't be made": "kan inte skapas",
    "can't be used": "kan inte användas",
    "can't be used ({})": "kan inte användas ({})",
    "can't be written ({})": "kan inte skrivas ({})",
    "cannot be run ({}); give OPA's program": "kan inte köras ({}): ange OPA:s program",
    "give the path of a file of messages, or -": "ange en fil med meddelanden, eller -",
    "choose another --spool": "välj en annan --spool",
    "can't be read as a checkpoint: give the file with the signed note": (
        "kan inte läsas som kontrollpunkt: ange filen med den signerade texten"
    ),
    "is no export of a log: make one with 'samband audit export'": (
        "är ingen export av en logg: gör en med 'samband audit export'"
    ),
    "stdin is closed: no input: give the path of a file of messages": (
        "stdin är stängd: ingen indata: ange en fil med meddelanden"
    ),
    "line {}": "rad {}",
    "is not JSON: export the log again": "är inte JSON: exportera loggen igen",
    # --- the data folder
    "is damaged: put it back from a backup": "är skadad: lägg tillbaka den från en säkerhetskopia",
    "the disk can't be read or written: see whether it is full or failing, and run again": (
        "disken kan inte läsas eller skrivas: se om den är full eller trasig, och kör igen"
    ),
    "is in use by another program: wait for it, and run again": (
        "används av ett annat program: vänta på det, och kör igen"
    ),
    "may not be written: copy the folder to where you may write, and point --data there": (
        "får inte skrivas: kopiera mappen dit du får skriva, och peka ut den med --data"
    ),
    "may not be opened: copy the folder to where you may write, and point --data there": (
        "får inte öppnas: kopiera mappen dit du får skriva, och peka ut den med --data"
    ),
    "what is given out can't be marked": "det som lämnas ut kan inte märkas som hämtat",
    "{}; or look with --peek": "{}; eller titta med --peek",
    "is missing: put it back from a copy of the folder": "saknas: lägg tillbaka den från en kopia av mappen",
    "holds keys and no {}: put it back from its newest copy, or choose another --data": (
        "har nycklar men ingen {}: lägg tillbaka den nyaste kopian, eller välj en annan --data"
    ),
    "holds no data: nothing to upgrade": "har inga uppgifter: inget att uppgradera",
    "holds no data yet: run a file first, or point --data to its folder": (
        "har inga uppgifter än: kör en fil först, eller peka ut mappen med --data"
    ),
    "another samband writes here: wait for it, or choose another --data": (
        "en annan samband skriver här: vänta på den, eller välj en annan --data"
    ),
    "samband serve runs here: leave messages to it with samband send, or stop it": (
        "samband serve körs här: lämna meddelanden till den med samband send, eller stoppa den"
    ),
    "record {} can't be read: run 'samband audit verify'": "post {} kan inte läsas: kör 'samband audit verify'",
    # --- drop folders
    "others may make folders there, and so be any authority: let it belong to the broker's user alone"
    " (chown, chmod go-w)": (
        "andra får skapa mappar där, och kan då uppträda som vilken myndighet som helst: låt den höra till sambands"
        " användare ensam (chown, chmod go-w)"
    ),
    # --- the register file
    "is larger than 16 MiB: no register is": "är större än 16 MiB: det är inget register",
    "is the broker's own: choose another id": "är samband självt: välj ett annat id",
    "is registered already: choose another id": "finns redan i registret: välj ett annat id",
    "is not UTF-8: save it so": "är inte UTF-8: spara den så",
    "is not JSON: a register is a list of objects": "är inte JSON: ett register är en lista av objekt",
    "entry {}": "post {}",
    "every {} is registered already: leave it out": "varje {} finns redan i registret: ta bort den",
    "is for Gotland alone: leave it out": "är bara för Gotland: ta bort det",
    "has a blank at an end, or a sign that is not seen": "har ett blanksteg i en ände, eller ett tecken som inte syns",
    "a field is given twice in one entry": "ett fält står två gånger i en post",
    "a school needs a principal: a municipality, or private": "en skola behöver en huvudman: en kommun, eller private",
    "only a school has a principal: leave it out": "bara en skola har huvudman (principal): ta bort den",
    "its principal is not registered": "dess huvudman finns inte i registret",
    "its principal runs no schools: a municipality, a region, {}, or private": (
        "dess huvudman driver inga skolor: en kommun, en region, {}, eller private"
    ),
    # --- keys
    "not a signing key; restore it from a backup": (
        "är ingen signeringsnyckel; lägg tillbaka den från en säkerhetskopia"
    ),
    "not a token key of 32 bytes; restore it from a backup": (
        "är ingen nyckel på 32 byte; lägg tillbaka den från en säkerhetskopia"
    ),
    "holds the key of another log; give the name it was made for, or another file": (
        "har nyckeln till en annan logg; ange rätt fil"
    ),
    "the folder of the key belongs to another account; use one of your own": (
        "nyckelns mapp hör till ett annat konto; använd en egen"
    ),
    "the folder of the key can be written by others; run: chmod 700 {}": (
        "nyckelns mapp kan skrivas av andra; kör: chmod 700 {}"
    ),
    "the key file is missing; restore it from a backup": "nyckelfilen saknas; lägg tillbaka den från en säkerhetskopia",
    "the key file cannot be used ({})": "nyckelfilen kan inte användas ({})",
    "the key is not a plain file": "nyckeln är ingen vanlig fil",
    "the key file belongs to another account": "nyckelfilen hör till ett annat konto",
    "the key file is open to others; run: chmod 600 {}": "nyckelfilen är öppen för andra; kör: chmod 600 {}",
    "no key ({}); 'samband policy keys' makes one": "ingen nyckel ({}); 'samband policy keys' gör en",
    "{} is there already, and is left as it is": "{} finns redan, och lämnas som den är",
    # --- the log
    "the log does not continue its last checkpoint: run 'samband audit verify'": (
        "loggen fortsätter inte sin senaste kontrollpunkt: kör 'samband audit verify'"
    ),
    "two checkpoints of size {} differ: run 'samband audit verify'": (
        "två kontrollpunkter av storlek {} skiljer sig: kör 'samband audit verify'"
    ),
    "the log is another than the one signed at size {}: run 'samband audit verify'": (
        "loggen är en annan än den som signerades vid storlek {}: kör 'samband audit verify'"
    ),
    "record {} was not stored as written: the disk or memory is failing": (
        "post {} lagrades inte som den skrevs: disken eller minnet är trasigt"
    ),
    "a log of {} records was published here, and the database holds fewer: put it back from its newest copy,"
    " or choose another --data": (
        "en logg med {} poster är publicerad här, och databasen har färre: lägg tillbaka den nyaste kopian, eller välj"
        " en annan --data"
    ),
    "a log of {} records is published: nothing smaller is signed": (
        "en logg med {} poster är publicerad: inget mindre signeras"
    ),
    "holds no checkpoint of this log: put it back from a copy, or save the newest one there": (
        "har ingen kontrollpunkt för den här loggen: lägg tillbaka den från en kopia, eller spara den nyaste där"
    ),
    "another ledger writes there: there may be only one": "en annan ledger skriver där: det får bara finnas en",
    "another ledger signs with this key: there may be only one": (
        "en annan ledger signerar med nyckeln: det får bara finnas en"
    ),
    "somebody else has written there: run 'samband audit verify'": (
        "någon annan har skrivit där: kör 'samband audit verify'"
    ),
    "holds no log that this user may use": "har ingen logg som användaren får använda",
    # --- the law
    "the policy bundle's manifest is not the recorded one: install the package again": (
        "lagens paket är inte det som hör till programmet: installera om"
    ),
    "{} in the policy bundle is not the recorded one: install the package again": (
        "{} i lagens paket är inte den som hör till programmet: installera om"
    ),
    "opa is missing: run deploy/local/install_opa.sh, or name OPA's program with --opa": (
        "opa saknas: kör deploy/local/install_opa.sh, eller ange OPA:s program med --opa"
    ),
    "there are no policies in {}: run in a clone of samband, or give --policies": (
        "det finns ingen lag i {}: kör i en klon av samband, eller ange --policies"
    ),
    # --- servers and settings
    "does not answer as it should": "svarar inte som den ska",
    "its disk is full: make room there": "dess disk är full: skapa utrymme där",
    "the database's address must be as postgresql://USER@HOST:PORT/NAME": (
        "databasens adress skrivs postgresql://ANVÄNDARE@VÄRD:PORT/NAMN"
    ),
    "PostgreSQL needs the extra: pip install 'samband[distributed]'": (
        "PostgreSQL behöver tillägget: pip install 'samband[distributed]'"
    ),
    "is no address to serve metrics at: write HOST:PORT, as {}:9464": (
        "är ingen adress för mätvärden: skriv VÄRD:PORT, som {}:9464"
    ),
    "can't serve metrics there": "kan inte visa mätvärden där",
    "choose another address": "välj en annan adress",
    "is not set: 'deploy/local/servers.sh env' shows the settings of local servers": (
        "är inte satt: 'deploy/local/servers.sh env' visar inställningar för lokala servrar"
    ),
    "there is no such folder: 'samband keys' makes it": "mappen finns inte: 'samband keys' skapar den",
    "must be one of {}": "ska vara något av {}",
    "must be a whole number": "ska vara ett heltal",
    "must be a host and a port, such as {}": "ska vara en värd och en port, som {}",
    "must be a URL that begins with {}://": "ska vara en URL som börjar med {}://",
    "must be {}": "ska vara {}",
    "is for tests only": "är bara för tester",
}


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(map(re.escape, english.split("{}"))), re.DOTALL)


_PATTERNS = [(_pattern(english), swedish) for english, swedish in _SWEDISH.items()]


@lru_cache(maxsize=1024)
def in_swedish(line: str) -> str:
    """The same line in Swedish, as far as its clauses stand here."""
    if line in _SWEDISH:
        return _SWEDISH[line]
    for pattern, swedish in _PATTERNS:
        if found := pattern.fullmatch(line):
            return swedish.format(*map(in_swedish, found.groups()))
    for at in (at for at in range(len(line)) if line.startswith(": ", at)):
        if (rest := in_swedish(line[at + 2 :])) != line[at + 2 :]:
            return f"{in_swedish(line[:at])}: {rest}"
    return line
