"""Why a form is refused, and what to know about one that is not, in words for whoever publishes it.

The keys are stable: they stand in the quarantine, in `innsyn forms check --json`, and in what others build on them.
"""

from typing import Final

REFUSALS: Final = {
    # What it is.
    "not_json": "This is not JSON that can be read: {why}.",
    "not_a_questionnaire": "This is not a Questionnaire, but {what}.",
    "not_r4": "This is not FHIR R4: {what} is from {release}.",
    "wrong_type": "The value has the wrong type for FHIR R4: {why}.",
    "unreadable": "The form could not be understood ({why}).",
    # How much it is.
    "too_many_bytes": "The form is {size} bytes; {most} is the most.",
    "too_many_items": "The form has {count} items; {most} is the most.",
    "too_deep": "Items stand more than {most} levels deep.",
    "too_many_options": "There are {count} answers to choose from; {most} is the most. Use a value set to search in.",
    "text_too_long": "The text is {size} characters; {most} is the most.",
    "too_much_markdown": "The form has {size} characters of Markdown; {most} is the most.",
    "too_many_expressions": "The form has more expressions than can be worked out while somebody waits ({size} "
    "signs; {most} is the most).",
    "too_slow": "The form takes too long to work out while somebody waits ({steps} steps; {most} is the most): its "
    "expressions look at too much, or hang on each other in too long a row.",
    "too_many_regexes": "The form has {count} different regexes; {most} is the most.",
    "too_many_instances": "The group has to stand there {count} times (minOccurs); {most} is the most.",
    "too_many_fields": "The form begins with {count} fields, with each group as often as it has to stand there "
    "(minOccurs); {most} is the most.",
    "number_too_large": "{number} is no number that a form can work with.",
    # How it hangs together.
    "no_items": "The form has nothing to fill in.",
    "no_link_id": "An item has no linkId ({what}).",
    "duplicate_link_id": "More than one item has this linkId.",
    "unknown_item_type": "The item type «{type}» is not one of R4's.",
    "items_below_display": "A text (display) can not have questions below it.",
    "no_enable_behavior": "The item has several enableWhen and no enableBehavior: it may mean all of them or any.",
    "unknown_enable_behavior": "enableBehavior «{what}» is neither all nor any.",
    "condition_on_nothing": "enableWhen points at «{question}», which is not in the form.",
    "condition_on_no_question": "enableWhen points at «{question}», which is not a question.",
    "condition_on_itself": "enableWhen points at the item itself.",
    "unknown_operator": "enableWhen has the operator «{operator}», which is not one of R4's.",
    "wrong_answer_type": "enableWhen compares with {found}, but «{question}» is answered with {expected}.",
    "no_answer_to_compare": "enableWhen has no answer to compare with.",
    "cycle": "Conditions and calculations go round in a circle: {path}.",
    "wrong_initial_type": "The initial answer is {found}, but the question is answered with {expected}.",
    "wrong_limit_type": "The limit is {found}, but the question is answered with {expected}.",
    "limits_crossed": "The lowest allowed ({least}) is above the highest ({most}): nothing can be answered.",
    "no_options": "There is nothing to choose from.",
    "broken_value_set": "The value set {value_set} can not be used: {why}.",
    "wrong_option_type": "What can be chosen is {found}, but the question is answered with {expected}.",
    "value_set_on_type": "R4 gives value sets to choices alone: a question of the type {type} can not be answered with "
    "what is searched for in {value_set}.",
    "duplicate_option": "The same answer can be chosen twice ({option}).",
    "options_alike": "Two answers to choose from are written alike, and differ in type alone ({option}).",
    "reserved_option": "An answer can not be called «{option}» where own words may be given.",
    "bad_regex": "The regex can not be used: {why}.",
    # What it asks of us.
    "unknown_modifier": "It has the modifierExtension {url}, which changes its meaning in a way not known here.",
    "changes_meaning": "It has {url}: {words}",
    "critical_extension": "It must not be shown by whoever does not know {url}, which is not done here.",
    "not_assembled": "The form is built of other forms and has to be assembled before it is published ({what}).",
    "anonymous": "The form is to be answered by nobody in particular; what is sent from here always says who.",
    "implicit_rules": "It is to be read by other rules than FHIR R4 ({rules}).",
    "only_script": "The text is nothing but script.",
    # What it calculates.
    "bad_expression": "The expression can not be read: {why} ({expression}).",
    "expression_too_long": "The expression is {size} words and signs long; {most} is the most.",
    "expression_language": "The expression is written in {language}; only text/fhirpath is worked out here.",
    "unknown_name": "The expression uses %{name}, which is defined nowhere in the form.",
    "never_answered": "It must be answered, and nobody can: it is worked out from %{name}, which is never there.",
    "never_filled": "It must be answered, and nobody can: whoever answers does not fill it in, and nothing else does.",
    "needs_a_query": "The expression uses %{name}, which has to be asked for at a FHIR server; that is not done here.",
}

WARNINGS: Final = {
    "not_active": "The form has the status «{status}»: a form in use is active.",
    "no_url": "The form has no url: what is sent can not name the form it answers.",
    "no_title": "The form has no title.",
    "no_text": "The question has no text.",
    "script_removed": "Script, an event handler or an address that runs something was taken out of the text.",
    "unknown_extension": "The extension {url} is not known here and does nothing.",
    "not_done": "It has {url}: {words}",
    "unknown_control": "The itemControl «{code}» is not known here; the item is shown as its type says.",
    "unknown_launch": "The form wants to know {name} when it is opened; that is not known, so nothing is filled in.",
    "prefill_not_done": "What would be filled in or suggested beforehand is not: {why} ({expression}).",
    "several_answers": "Check boxes without repeats: several can be chosen, as Helsenorge does. FHIR would allow one.",
    "initial_not_offered": "The initial answer ({answer}) can not be chosen, and is left out.",
    "several_initial": "There are several initial answers, and one may be given: the first is used.",
    "value_set_not_used": "The question is answered with a reference, and nothing of {value_set} is one: words are "
    "asked for.",
    "searched": "The answers are searched for in {value_set}: a terminology server must have it.",
    "read_only_required": "It is required and can not be changed: where nothing is known, it is sent without an "
    "answer, and says so.",
    "receiver": "The answer is to decide who receives the form; everything sent from here goes to the journal.",
    "maximum_is_megabytes": "maxSize {size} is read as megabytes.",
    "regex_unwrapped": "The regex is written as a FHIRPath call; what stands inside it is used.",
    "never_worked_out": "It stays empty: it is worked out from %{name}, which is never there.",
    "own_answers": "The expression of the item uses its own answer.",
    "reference": "The question is answered with a reference; a citizen can only write what it refers to.",
    "unknown_element": "«{name}» is no element of R4 and is not looked at.",
    "unknown_security": "meta.security has the code «{code}» for who may fill in, which is not known here.",
    "duplicate_choice": "The same answer can be chosen twice ({option}); it is shown once.",
    "empty_group": "The group has nothing in it and is not shown.",
    "not_understood": "{what} is not understood and is left out.",
}
