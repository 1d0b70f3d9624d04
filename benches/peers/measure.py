"""Times one peer on the notes of `cartulary-benches notes`, in processor time of one process.

usage: measure.py PEER NOTES.jsonl SECONDS
PEER is medspacy, medspacy-sentencizer, edsnlp or edsnlp-values. Notes are taken until SECONDS of processor time are spent.
The peers get the same short list of terms: more terms make them slower, so this favours them.
"""

import json
import logging
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
try:
    # Both peers log each decision through loguru by default; that would be measured too.
    import loguru

    loguru.logger.remove()
except ImportError:
    pass

TERMS = """lymphoma|diffuse large B-cell lymphoma|follicular lymphoma|mantle cell lymphoma|marginal zone lymphoma|DLBCL|R-CHOP|R-ICE
R-DHAP|rituximab|lenalidomide|ibrutinib|CAR-T|axi-cel|complete remission|partial response|progressive disease|relapse|fever|night sweats
weight loss|cough|hepatitis B|tuberculosis|diabetes|hypertension|splenomegaly|lymphadenopathy|bone marrow|liver|spleen|lung|CNS|PET-CT
biopsy|CD20|CD19|CD10|BCL6|MUM1|Ki-67|MYC|BCL2|TP53|LDH|hemoglobin|platelets|creatinine|ALT|AST|bilirubin|ferritin|ECOG|stage IV
IPI|CRS|ICANS|HBsAg|HBcAb|transformation""".replace("\n", "|").split("|")


def medspacy(sentencizer):
    import medspacy
    from medspacy.ner import TargetRule

    if sentencizer:
        import spacy

        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
        nlp.add_pipe("medspacy_target_matcher")
        nlp.add_pipe("medspacy_context")
    else:
        nlp = medspacy.load()
    matcher = nlp.get_pipe("medspacy_target_matcher")
    matcher.add([TargetRule(term, "TERM") for term in TERMS])
    return nlp


def edsnlp_pipe(values):
    import edsnlp

    nlp = edsnlp.blank("eds")
    nlp.add_pipe("eds.normalizer")
    nlp.add_pipe("eds.sentences")
    nlp.add_pipe("eds.matcher", config={"terms": {"term": TERMS}, "attr": "LOWER"})
    for qualifier in ("negation", "hypothesis", "history", "family"):
        nlp.add_pipe(f"eds.{qualifier}")
    if values:
        nlp.add_pipe("eds.dates")
        nlp.add_pipe("eds.quantities")
    return nlp


def main():
    peer, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    begun = time.process_time()
    pipes = {
        "medspacy": lambda: medspacy(False),
        "medspacy-sentencizer": lambda: medspacy(True),
        "edsnlp": lambda: edsnlp_pipe(False),
        "edsnlp-values": lambda: edsnlp_pipe(True),
    }
    nlp = pipes[peer]()
    with open(path, encoding="utf-8") as lines:
        notes = [json.loads(line)["text"] for line in lines]
    nlp(notes[0])
    started = time.process_time()
    done = bytes_done = found = 0
    for note in notes:
        found += len(nlp(note).ents)
        done += 1
        bytes_done += len(note.encode())
        if time.process_time() - started > seconds:
            break
    spent = time.process_time() - started
    print(
        f"| {peer} | {done} | {found} | {started - begun:.1f} | {done / spent:.1f} | {bytes_done / spent / 1e6:.3f} |"
    )


if __name__ == "__main__":
    main()
