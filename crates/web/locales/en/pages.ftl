### The words of the pages, in English.

## around every page
skip = Skip to the content
nav-label = Main pages
nav-worklist = Worklist
nav-people = People
nav-keeping = Keeping
nav-access = Access log
nav-health = Health
find = Search names, codes, papers
sign-out = Sign out
page = Page
pages = Pages of the papers
facts = Facts
views = Views
cancel = Cancel
keep = Keep
kept = Kept.
undo = Undo
undo-why = Why?
was-undone = taken back
preview = Preview

## time
ago-now = just now
ago-minutes = { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours = { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days = { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
ago-months = { $count ->
        [one] { $count } month ago
       *[other] { $count } months ago
    }
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count ->
        [one] { $count } working day
       *[other] { $count } working days
    }
clock-left = { $span } left
clock-late = late by { $span }
clock-paused = waiting for the sender
clock-at-once = answered in time
clock-in-time = answered in { $span }
clock-answered-late = answered late, after { $span }
clock-due = due { $time }

## sending
send-title = Send your reports
send-more-title = Add papers to your case
send-lead = A physician of { $name } reads them. You get a first answer within { $hours } working hours.
send-choose = Take photos or choose files
send-choose-hint = Photos, PDF, Word, scans, several at once, up to 50 MB each
send-asked = We asked you for
send-wanted = Which papers help?
send-wanted-hint = None of them is compulsory. Send what you have; we tell you what is missing. Please do not send passports or payment cards now.
send-who = Who are you?
send-name = Your name
send-relation = You are
send-contact-hint = How may we reach you? One of these is enough.
send-mail = E-mail
send-phone = Telephone
send-whatsapp = WhatsApp
send-whatsapp-hint = WhatsApp is run by Meta, which gives no health-privacy agreement. We only send a notice there, never findings.
send-country = Country of the patient
send-country-hint = Two letters, such as CN or GB. May be left empty.
send-words = What should we know? (may be left empty)
send-consents = Your consent
send-consents-hint = Each by itself. Only the first is needed; refusing the others changes nothing in our answer.
send-needed = needed
send-go = Send
send-going = Sending…
send-some-failed = Some files could not be sent. Remove them, or choose them again; nothing was received yet.
send-offline = No connection at the moment. We go on as soon as it is back.
send-none = Please choose at least one file.
send-file-waiting = waiting
send-file-sending = sending
send-file-kept = ✓ kept
send-file-failed = Could not be sent.
send-file-large = Larger than 50 MB: please send it in parts.
send-file-empty = This file is empty.
send-file-blurred = This photo looks blurred: take it again?
send-file-dark = This photo is very dark: take it again with more light?
send-file-remove = Remove
send-file-again = Try again
send-notice = { $name }, { $place }. This is not medical advice and not a diagnosis, and it makes no doctor–patient relationship. A physician reads your papers; a computer helps to sort them. In an emergency call your local emergency number.
send-officer = Questions about your data: { $officer } · { $phone }
send-problem-name = Please write your name.
send-problem-relation = Please say who you are: the patient, a relative, a doctor.
send-problem-contact = Please leave an e-mail address or a telephone number, so that we can answer.
send-problem-mail = This e-mail address is not complete.
send-problem-phone = This telephone number is too short.
send-problem-country = Please write the country as two letters, such as CN.
send-problem-care = Without the first consent we may not read the papers.
relation-self = the patient
relation-relative = a relative
relation-doctor = a doctor
relation-other = somebody else
consent-care = Read and answer
consent-transfer-abroad = Sending abroad
consent-genetic = Genetic findings
consent-registry = Registry
consent-research = Research
consent-outcomes = Outcomes without names
consent-text-care = You may read these papers and the health data in them, to answer me. I am the patient or may act for the patient.
consent-text-transfer-abroad = The papers may be read in another country than mine, by { $name }, { $place }.
consent-text-genetic = This holds for genetic reports too.
consent-text-registry = If the patient is treated, the course may be kept in the treatment registry.
consent-text-research = Researchers of the hospital may use the data without name.
consent-text-outcomes = The outcome may be counted in published figures without name.
ask-pathology = Pathology report with immunohistochemistry
ask-ihc = Immunohistochemistry
ask-fish = FISH or gene sequencing (NGS)
ask-ngs = Gene sequencing (NGS)
ask-flow = Flow cytometry or bone marrow
ask-marrow = Bone marrow
ask-pet-ct = PET-CT: the last, and that at diagnosis
ask-treatment = All treatments: regimen, cycles, dates, response
ask-bloods = Last blood counts and chemistry
ask-serology = Hepatitis B and C, HIV and other infections
ask-heart = Heart, kidney, liver: echo and values
ask-kidney-liver = Kidney and liver values
ask-discharge = Discharge summaries
ask-drugs = Present medicines and how active the patient is (ECOG)
ask-ecog = How active the patient is (ECOG)
ask-imaging = Reports of CT or MRI
ask-identity = A page with name and date of birth
ask-why-pathology = says which lymphoma it is
ask-why-fish = shows changes of MYC, BCL2, TP53
ask-why-flow = shows CD19 and the marrow
ask-why-pet-ct = shows where the disease is now
ask-why-treatment = what was given and how it worked
ask-why-bloods = white cells, haemoglobin, platelets, LDH
ask-why-serology = needed before any cell therapy
ask-why-heart = how much the body can bear
ask-why-discharge = the course in a doctor’s words
ask-why-drugs = steroids and blood thinners matter
sent-title = Your papers are safe with us
sent-papers = { $count ->
        [one] We received { $count } file.
       *[other] We received { $count } files.
    }
sent-code = Your case code
sent-promise = A person answers within { $hours } working hours, at the latest
sent-link = On your private page you see how far we are, and can add papers.
sent-open = Open your page
sent-link-hint = Keep this link to yourself: whoever has it can see how the case stands. It holds for 14 days.
sent-otherwise = No answer in time? Call { $phone } and say the code.
status-title = Your case
status-received = Your papers have come. We answer within { $hours } working hours of their arrival.
status-reading = Your papers are being read.
status-waiting = We asked you for papers, and go on when they are here.
status-doctor = Your papers are with the doctor.
status-answered = We have answered you; see below.
status-told = Our messages
status-asked = We still ask for
status-add = Add
status-add-more = Add papers
status-have = What we have
status-paper = Paper
status-came = Came
status-state = State
step-received = received
step-reading = being read
step-doctor = with the doctor
step-answer = answer
paper-received = received, not read yet
paper-read = read
paper-partly = { $count ->
        [one] read, but for { $count } page
       *[other] read, but for { $count } pages
    }
paper-unreadable = kept, but we could not read it: please send a sharper photo or another file
paper-letter = D
link-hint = This link opens the page of one case. Open it only if it was sent to you.
link-open = Open

## errors
error-back = Back
error-number = Number { $number } leads to it in the log.
error-title-absent = Not found
error-what-absent = There is nothing at this address, or it is not for you.
error-kept-absent = Nothing was changed.
error-title-not-yours = Not your patient
error-what-not-yours = You are not in this patient’s team. You can open the case with a reason. This view is reported.
error-kept-not-yours = Nothing was shown.
error-title-sign-in = Please sign in
error-what-sign-in = Nobody is signed in, or the session is over.
error-kept-sign-in = What you just sent was not kept. Go back in your browser to copy it, sign in, and send it again.
error-title-form = This form is too old
error-what-form = It came from another page, or from a session that is over.
error-kept-form = Nothing was changed. Open the page again and send it once more.
error-title-too-many = Too many tries
error-what-too-many = Please wait a quarter of an hour and try again.
error-kept-too-many = Nothing was changed.
error-title-refused = This cannot be done
error-what-refused = The system refuses it for this reason:
error-kept-refused = Nothing was changed.
error-title-too-large = Too large
error-what-too-large = A file may have 50 MB, a message 200 MB and 50 files.
error-kept-too-large = Nothing of it was kept. Send less at a time.
error-title-conflict = Somebody was faster
error-what-conflict = The case was changed meanwhile.
error-kept-conflict = Your change was not kept. Look again and decide anew.
error-title-unavailable = Not at the moment
error-what-unavailable = The register does not take anything just now. We are told.
error-kept-unavailable = Nothing was acknowledged that is not kept. Try again in a few minutes.
error-title-ours = Something of ours is wrong
error-what-ours = The page could not be made.
error-kept-ours = What was kept before is kept. Try again, or tell the administrator the number.
glass-reason = Why do you need to see this case?
glass-hint = The reason is kept in the case and in the access log.
glass-open = Open and report

## the way in
sign-in = Sign in
sign-in-go = Go on
sign-in-problem-wrong = Login or password is wrong.
login = Login
password = Password
password-hint = At least 12 characters; several words are best.
code-title = Second factor
code-label = Code from your telephone
code-wrong = This code is wrong or was used already. Wait for the next.
code-set-up = Add this secret to the authenticator on your telephone, then type its code.
code-secret = Secret
code-open-app = Open in the authenticator
setup-title = The first account
setup-hint = Make the account of the administrator. This page works once.
setup-go = Make the account
demo-title = Example clinic
demo-hint = Everything here is invented. Choose who you are:
demo-secret = password { $password } · code { $code }
role-coordinator = coordinator
role-physician = physician
role-data-manager = data manager
role-administrator = administrator

## worklist
view-unanswered = New
view-overdue = Overdue
view-evaluated = To check
view-asked = Waiting for sender
view-with-physician = For the doctor
view-decided = To answer
view-treated = Treated
view-mine = Mine
view-all = All
views-own = My views
views-keep = Keep this view
views-name = Name of the view
views-drop = Take away the view { $name }
filter = Filter
filter-any = any
filter-go = Show
filter-owner-me = me
filter-owner-nobody = nobody
filter-lacks = Lacks
filter-lacks-papers = papers
filter-lacks-reading = a page that can be read
today-waiting = waiting for a first answer
today-in-time = answered in time, 30 days
today-oldest = oldest waiting
list-keys = j k rows · Enter opens · / search · g w worklist
list-next = Next page
col-clock = First answer
col-who = Patient
col-diagnosis = Diagnosis as read
col-state = State
col-from = From
col-owner = Owner
col-last = Last
row-hidden = not in your care
row-no-name = name not read yet
row-missing = { $count } missing
row-papers = { $count ->
        [one] { $count } paper
       *[other] { $count } papers
    }
row-unread = { $count } unread
found-for = Search: { $query }
found-none = Nothing was found.
found-part = Only a part of the papers was searched; make the words more exact.
empty-send = Open the page for sending
empty-unanswered = No new cases: everybody has had a first answer.
empty-overdue = Nothing is overdue.
empty-evaluated = Nothing is to be checked.
empty-asked = Nobody is waited for.
empty-with-physician = Nothing waits for the doctor.
empty-decided = Nothing is to be answered.
empty-treated = Nobody was treated yet.
empty-mine = You look after no case.
empty-all = There is no case yet. Send a test case.
state-opened = opened
state-received = being read
state-evaluated = to check
state-asked = waiting for sender
state-with-physician = with the doctor
state-decided = decided
state-answered = answered
state-closed = closed
state-treated = treated
state-merged = merged
state-erased = erased
channel-upload = web
channel-mail = mail
channel-whatsapp = WhatsApp
channel-walk-in = in person

## a case
born = born { $date }
owner-is = { $name } looks after it
working = { $count ->
        [one] { $count } step of reading left
       *[other] { $count } steps of reading left
    }
stuck = Needs a person: { $what }
take = Take it
let-go = Let it go
hand-on = To the doctor
take-back = Take back from the doctor
hand-back = Back to the coordinator
case-parts = Parts of the case
tab-desk = Reading desk
tab-sheet = Evaluation
tab-reply = Reply
tab-history = History
sex-female = female
sex-male = male
history-title = What happened
history-joined = of joined case { $code }
history-pages = { $count ->
        [one] { $count } page
       *[other] { $count } pages
    }
history-facts = { $count ->
        [one] { $count } fact
       *[other] { $count } facts
    }
note = Write a note
note-go = Keep
sender = Who sent it
sender-none = Nobody said who they are.
consent-given = given { $time }
consent-withdrawn = withdrawn { $time }
close = Close the case
close-why = Why is nothing left to do?
who-sender = sender
who-machine = machine
who-terminal = at the terminal
entry-opened = opened
entry-identified = patient named
entry-received = received
entry-inquired = inquiry
entry-page-read = read
entry-unreadable = could not be read
entry-facts-extracted = facts taken
entry-fact-confirmed = confirmed
entry-fact-corrected = corrected
entry-fact-rejected = rejected
entry-fact-added = added
entry-evaluated = evaluated
entry-decided = decided
entry-message-queued = message written
entry-message-sent = message sent
entry-consent-given = consent
entry-consent-withdrawn = consent withdrawn
entry-merged-into = merged into another
entry-merged-from = another merged into it
entry-unmerged = merge taken back
entry-undone = taken back
entry-assigned = owner changed
entry-handed-on = handed on
entry-closed = closed
entry-noted = note
entry-infused = infused
entry-visit-recorded = visit
entry-retention-set = retention
entry-erasure-ordered = erasure ordered
entry-erased = erased
desk-physician = to the physician
desk-coordinator = to the coordinator
job-read = reading
job-extract = taking facts
job-evaluate = evaluation

## reading desk
page-title = D{ $paper } p.{ $page }
page-photo = photo or scan
page-same = seems to show the same sheet as { $paper }
kind-unknown = kind not known
original = original
zoom-in = larger
zoom-out = smaller
add-fact = Add a fact
add-concept = What is it?
add-go = Add
edit-number = Number
edit-unit = Unit
edit-text = Words
edit-sign = Result
edit-date = Date
edit-assertion = As stated
edit-reason = Reason
sign-positive = positive
sign-negative = negative
sign-equivocal = weak or at the border
sign-restricted = restricted
assertion-present = is so
assertion-negated = is not so
assertion-possible = perhaps
assertion-hypothetical = planned or conditional
facts-count = { $count ->
        [one] { $count } fact
       *[other] { $count } facts
    }
facts-check = { $count } to check
facts-none-to-check = nothing needs a look
warnings = { $count ->
        [one] { $count } thing to know
       *[other] { $count } things to know
    }
in-conflict = papers disagree
check = check
confirm = Right
reject = Wrong
correct = Correct
fact-confirmed = confirmed
fact-corrected = corrected
fact-rejected = rejected
fact-read = read by machine
judge-problem-number = This is no number. Write it as 4.5.
judge-problem-unit = This unit does not belong to this value.
judge-problem-text = The words are empty.
judge-problem-date = This is no date. Write 2026, 2026-11 or 2026-11-26.
judge-problem-assertion = Choose how it is stated.
judge-problem-place = No words stand under this box: draw it over the line that says it.
judge-problem-concept = Choose what it is from the list.
desk-reading = The papers are being read. Facts appear as they come.
desk-no-pages = No page could be read. The originals are kept: ask for a sharper photo.
desk-no-facts = No facts were found on these pages.
also-here = { $name } is also here
desk-keys = Tab next to check · Enter right · e correct · x wrong · z undo · j k facts · g s evaluation

## evaluation
summary = Summary on one page
summary-print = Print
summary-pdf = As PDF
summary-notice = As read by machine; a physician decides.
summary-printed = As of { $time }
sheet-empty = There is no evaluation yet. It is made when the papers are read.
decision-title = The physician’s decision
decision-none = Nobody has decided yet.
decision-older = upon an earlier evaluation
decision-accept = accept for further work-up
decision-decline = decline
decision-wait = wait
decision-ask = ask for more papers
decide-what = Decision
decide-set = About which product or trial?
decide-no-set = none in particular
decide-reason = Reason
decide-sign = Signed as { $name }, with password and code.
decide-not-signed = Not signed: password or code is wrong. The decision was not kept.
decide-go = Decide and sign

## reply
thread = Messages
thread-empty = Nothing was written yet.
thread-papers = (papers without words)
message-sent = sent
message-waits = waits for its channel
by-link = page of the link
by-mail = e-mail
by-whatsapp = WhatsApp
reply-language = Language
reply-text = Your answer
reply-hint = It leaves the house when you send it, under your name. On the page of the link it is there at once.
reply-names-diagnosis = This names the patient’s diagnosis. Is the channel safe enough?
reply-send = Send
reply-coordinator = Coordinators answer.
reply-asks = Ask for
reply-asks-hint = What decides most stands first.
reply-insert = Insert
reply-in-language = Write in this language
reply-templates = Templates
reply-templates-hint = Each goes into the answer, above its ending. What you typed stays.
reply-write = Write it into the answer
ask-decides = { $count ->
        [one] decides { $count } product or trial
       *[other] decides { $count } products or trials
    }
links = Private link
links-hint = A new link is shown once. Links hold for 14 days.
links-new = Make a link
links-revoke = Take all links back

## people, log, health
people-name = Name
people-roles = Roles
people-state = State
people-change = Change
people-disabled = shut
people-no-code = telephone not set up
people-ready = ready
people-disable = Shut
people-enable = Open
people-telephone = New telephone
people-new = New account
people-new-password = New password
people-first-password = First password
people-make = Make the account
access-hint = Each view and each change, chained so that none can be taken out. Names of patients do not stand here.
access-number = No.
access-when = When
access-who = Who
access-what = What
access-case = Case
health-cases = Cases
health-entries = Entries
health-checkpoint = Last signed checkpoint
health-backup = Last backup
health-no-backup = never: run `cartulary backup`
health-jobs = Jobs waiting or running
health-dead = Jobs that need a person
health-version = Version
health-dead-title = Needs a person
health-dead-hint = These were tried again and again. The papers are kept.
health-hint = Run `cartulary verify` for a check of everything, and `cartulary backup` for a backup.

keeping-hint = How long cases are kept, how they are erased, and by which criteria they are judged. A case is named by its code; nothing of a patient is shown here.
keeping-no-case = No case has this code, or more than one has: nothing was done. A code has eight letters and digits; the terminal takes the whole number of a case.
keeping-kept = Kept: case { $code } has its new term.
keeping-retain = Keep a case until a day
keeping-retain-hint = Before that day nobody can erase it. Without a day the term ends now.
keeping-code = Code of the case
keeping-until = Until
keeping-ground = On which ground
keeping-erase = Erase a case for good
keeping-erase-hint = Its key is destroyed: no one can read it again, and nothing brings it back. Cases that were joined to it are erased by their own codes. Signed with your password and a code.
keeping-erase-now = Erase for good
keeping-not-signed = Not signed: password or code is wrong. Nothing was erased.
keeping-erased = Erased
keeping-erased-hint = Give this certificate to whoever asked for it; its digest stands in the register.
keeping-backups = Backups
keeping-backups-hint = Made on the machine of the register, sealed to people whose keys are elsewhere; verify looks whether all that is there is as it was written.
keeping-templates = Templates of answers
keeping-templates-hint = A file in messages/replies of the hospital's own catalogue (--catalogue DIR) takes the place of one of these, adds one, or adds a language.
keeping-criteria = Criteria in use
keeping-criteria-hint = Each evaluation names the digest of the set that it was made with, so that it can be made again.
keeping-set = Set
keeping-title = Title
keeping-version = Version
