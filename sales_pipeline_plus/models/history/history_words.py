"""How the columns and the fields of another CRM's export, or of Odoo's, are headed.

In English, French, German, Spanish, Italian and Dutch, in lower case.
"""

COLUMN_WORDS = {
    "deal": (
        "deal id, record id, object id, opportunity id, opportunity, external id, "
        "identifiant externe, id de l'affaire, id affaire, externe id, id externo, "
        "id esterno, id externe"
    ),
    "deal_name": (
        "deal title, deal name, opportunity name, title, affaire, opportunité, "
        "verkaufschance, oportunidad, opportunità, verkoopkans"
    ),
    "row_id": (
        "update id, change id, opportunity history id, history id, activity id, id, "
        "identifiant, number in the file, numéro dans le fichier, "
        "nummer in der datei, número en el archivo, numero nel file, "
        "nummer in het bestand"
    ),
    "moment": (
        "time, timestamp, date, change date, changed at, last modified, "
        "last modified date, created date, edit date, done time, "
        "marked as done time, completed date, activity date, date de modification, "
        "date de réalisation, datum, fecha, data, geändert am, "
        "fecha de modificación, data di modifica, gewijzigd op"
    ),
    "user": (
        "user, changed by, last modified by, created by, edited by, "
        "assigned to user, assigned to, done by, utilisateur, modifié par, "
        "réalisé par, benutzer, geändert von, usuario, cambiado por, modificado por, "
        "utente, modificato da, gebruiker, gewijzigd door"
    ),
    "field": (
        "field, property, property name, field name, champ, propriété, feld, campo, "
        "veld, eigenschaft, propiedad, proprietà, eigenschap"
    ),
    "value": (
        "new value, value, property value, nouvelle valeur, valeur, wert, "
        "neuer wert, valor, nuevo valor, valore, nuovo valore, waarde, nieuwe waarde"
    ),
    "old_value": (
        "old value, ancienne valeur, alter wert, valor anterior, valor antiguo, "
        "valore precedente, vecchio valore, oude waarde"
    ),
    "stage": (
        "to stage, stage, stage name, étape, nouvelle étape, phase, neue phase, "
        "etapa, nueva etapa, fase, nuova fase, nieuwe fase"
    ),
    "old_stage": (
        "from stage, étape précédente, depuis l'étape, aus phase, vorherige phase, "
        "desde la etapa, etapa anterior, dalla fase, fase precedente, van fase, "
        "vorige fase"
    ),
    "status": "status, statut, estado, stato",
    "amount": (
        "amount, deal value, expected revenue, montant, revenu espéré, "
        "revenu attendu, betrag, erwarteter umsatz, importe, ingresos esperados, "
        "importo, ricavi previsti, bedrag, verwachte omzet"
    ),
    "deadline": (
        "close date, expected close date, expected closing, clôture prévue, "
        "date de clôture prévue, erwarteter abschluss, abschlussdatum, "
        "cierre previsto, fecha de cierre, chiusura attesa, data di chiusura, "
        "verwachte sluitingsdatum, sluitingsdatum"
    ),
    "probability": (
        "probability, probability (%), probabilité, probabilité (%), "
        "wahrscheinlichkeit, wahrscheinl. (%), wahrscheinlichkeit (%), probabilidad, "
        "probabilidad (%), probabilità, probabilità (%), kans, kans (%)"
    ),
    "activity": (
        "type, activity type, type d'activité, typ, aktivitätstyp, tipo, "
        "tipo de actividad, tipo di attività, soort, soort activiteit"
    ),
    "subject": (
        "subject, activity subject, objet, sujet, betreff, zusammenfassung, asunto, "
        "resumen, oggetto, riepilogo, onderwerp, samenvatting"
    ),
    "note": (
        "note, notes, comments, description, commentaire, notiz, notizen, nota, "
        "notas, notitie, notities"
    ),
}
FIELD_WORDS = {
    "stage": (
        "stage, dealstage, deal stage, pipeline stage, stage name, étape, phase, "
        "etapa, fase"
    ),
    "status": "status, statut, estado, stato",
    "amount": (
        "amount, value, deal value, montant, valeur, expected revenue, "
        "revenu attendu, revenu espéré, betrag, wert, erwarteter umsatz, importe, "
        "valor, ingresos esperados, importo, valore, ricavi previsti, bedrag, "
        "waarde, verwachte omzet"
    ),
    "deadline": (
        "closedate, close date, expected close date, date de clôture prévue, "
        "clôture prévue, expected closing, erwarteter abschluss, abschlussdatum, "
        "cierre previsto, fecha de cierre, chiusura attesa, data di chiusura, "
        "verwachte sluitingsdatum, sluitingsdatum"
    ),
    "probability": (
        "probability, hs_deal_stage_probability, probabilité, probability (%), "
        "probabilité (%), wahrscheinlichkeit, wahrscheinl. (%), probabilidad, "
        "probabilidad (%), probabilità, probabilità (%), kans, kans (%)"
    ),
}
COLUMNS = {name: set(words.split(", ")) for name, words in COLUMN_WORDS.items()}
FIELDS = {name: set(words.split(", ")) for name, words in FIELD_WORDS.items()}
