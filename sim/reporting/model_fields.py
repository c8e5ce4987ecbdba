"""What each state variable of the engine is, with its unit: the text of the model page's tables.

Names and order are those of `sim.engine.state`; `model_page` refuses to build where they differ.
One line a field: name, unit ("-" for codes, counts and indices), meaning.
"""

WORLD = """
cut_partial|logit|cut of at least partial success, equation 1
cut_unverified|logit|cut of judged success
cut_verified|logit|cut of verified success
shift|logit|coefficients of the monotone cubic through the five level shifts, equation 4
shift_reference|logit|shift of an intermediate, to which base odds of defects belong
shift_mean|logit|shift of the mean level of the studied sessions, about which a gap drifts
years|years|from the date the curve describes to the start
progress|logit|the tool's progress up to the start, equation 5
progress_per_hour|logit per working h|its progress during the run
horizon|working h|when the run ends
work|-|saturated, Poisson arrivals or a backlog
arrivals_per_hour|tasks per working h|rate of Poisson arrivals
backlog|tasks|tasks there at the start
advanced_share|share|of the stream's tasks that are advanced
fix_share|share|of the stream's tasks that fix what existed before
size_kind|-|lognormal, exponential or constant, by class
size_scale|expert-h|median or mean size, by class
size_sigma|ln expert-h|spread of a lognormal size, by class
tool|-|none, assistive or agentic
adoption|share|of pieces (agentic) or of coding hours (assistive) for which the tool is taken up
agent_use|-|always, never, or where it is expected to pay
scope_hours|expert-h|largest piece given to a session
max_sessions|sessions|on a piece before it is done by hand
stretch_hours|h|longest stretch by hand
routing|-|fifo, matched or strict
matched_level|level|from which somebody is able for advanced work
lookahead|tasks|that may be passed over
review|-|none, unverified or all
review_order|-|reviews first, in turn or last
reviewer_level|level|of an eligible reviewer
review_hours_per_week|h per week|a person's allowance for reviews
wip_limit|items|unreviewed work of one's own before reviews come first
adjacent_by_hand|-|whether adjacent roles code by hand
parallel_sessions|sessions|one developer runs at a time
subteam_size|people|of the largest group in which all talk to all
domains|-|how many domains of work there are
domain_until|share|of the work, cumulated over the domains
training_start|working h|when the training begins
training_end|working h|when it ends
training_target|level|it aims at
training_hours|h per week|of each seat
trainer_hours|h per week|of all trainers together
training_domain|-|which domain it is about; -1 all
attrition_per_hour|per working h|rate at which people leave
refill|-|whether a seat is filled again
refill_weeks|weeks|mean time to fill it
priced|-|no money, costs, or costs and a price of work
pay|money per h|by role and level
price|money per expert-h|of work delivered
tool_cost_per_week|money per week|and person
cost_per_seat|money|of a training
refill_cost|money|of filling a seat
key|-|of the seed's luck
replication|-|which world: draw and luck
time|working h|now
n_tasks|tasks|that exist
n_stream|tasks|of the ordered stream that exist
timer_task|-|task whose timer the last rule set; -1 none
idle|people|with nothing to do
able|people|able for advanced work, by domain
reviewers|people|eligible as reviewers, by domain
stand_in|-|the most expert person there, by domain; -1 none
second_stand_in|-|the next most expert, by domain; -1 none
weeks_over|weeks|that have ended
talk|share|of development time lost to talking, this week of the calendar
trainer_level|level|of the trainers, this week of the calendar
trainer_share|h|of training each trainer gives, this week of the calendar
mentor_hours|h|each mentor gives newcomers, this week of the calendar
overflow|-|whether there was no room for a task: the run is repeated with more
head|-|first task of each list: stream, fixes, reviews
tail|-|last task of each list
in_system|tasks|whose lead time runs
area|tasks x working h|in_system integrated over time
area_time|working h|up to when it is
arrived|tasks|that have arrived
first|sessions|first ones on a task, by outcome
sessions|sessions|by outcome
reviews|reviews|begun
self_reviews|reviews|of one's own work
review_wait|working h|waited for reviews, in all
escalations|tasks|passed to a colleague
events|events|that have run
stretches|stretches|that have ended
labour_cost|money|so far
tool_cost|money|so far
training_cost|money|so far
hiring_cost|money|so far
urgent|tasks|that wait for a reviewer while their author is at the limit
defect_logit|logit|base log-odds of a defect per expert-h: by hand, verified, unverified
scope_doublings|doublings|of the reference size that the scope is
week_ends|working h|when the running week ends
week|-|counted in the running week, by weekly flow
"""

DEVELOPER = """
key|-|of the seat's luck: role, starting level, ordinal
role|-|engineer or adjacent
level_low|level|lowest a holder can have, by domain
level_high|level|highest
hours_per_week|h per week|paid
opens|working h|when the seat opens
weeks_to_fill|weeks|mean time to fill it
departs|working h|when its holder is known to leave
newcomer|-|whether its first holder joins and ramps up
trainee|-|whether it has a place in the training
pay|money per h|the seat's own; below 0: by role and level
hiring_cost|money|of filling it the first time
generation|-|how many held it before
joins|working h|when its holder joins
leaves|working h|when they leave
turn|working h|their next joining, leaving or end of training
level|level|expertise now, by domain
hired_level|level|expertise when hired, by domain
practice|h|this week, not yet turned into level, by domain
trained|-|whether the training is behind them
trait|logit|their persistent effect on outcomes
shift|logit|what their level does to outcomes, by domain
oversight|factor|what it does to hours of oversight, by domain
hand_factor|factor|hours by hand against an expert's, by domain
hand_logit|logit|log-odds that work by hand is right, by domain
review_logit|logit|log-odds of catching a defect, by domain
activity|-|idle, agent, manual, review, mentoring or absent
task|-|what they are at
start|working h|when the stretch began
until|working h|when it will end
hours|h|of development it takes
outcome|-|of the session just ended
piece_hours|expert-h|size of the piece they are at
head|-|first task in their hands
tail|-|last
held|tasks|in their hands
unreviewed|tasks|handed in and not yet reviewed
queued|tasks|of theirs that wait for a reviewer
reviews_of|-|the one author whose work they may review; -1 anybody's, -2 nobody's
allowance|h|for reviews, at allowance_time
allowance_time|working h|when it was last reckoned
hours_worked|h|so far
hours_helping|h|on reviews, escalations and teaching, so far
"""

TASK = """
key|-|of its luck: place in the stream, or parent and count
kind|-|new or fix
advanced|-|average or advanced
domain|-|which domain
stream|-|of the ordered stream, or grown out of another task
size_hours|expert-h|its size
trait|logit|its persistent effect on outcomes
hand_luck|-|uniform number of the noise on its hours by hand
state|-|dormant, waiting, held, running, submitted, queued, in review, done or abandoned
owner|-|whose hands it is in, or who handed it in
timer|working h|when it arrives, surfaces, its agent is done or a reviewer looks
since|working h|when it came where it is
queue|-|the list it waits in
next|-|task after it in its list
prev|-|task before it
luck|logit|log-odds of the uniform number of the session under way
outcome|-|of that session
eta|logit|its log-odds before the cuts
arrival|working h|when it became work that somebody can pick
start|working h|when its lead time began
end|working h|when it was accepted or given up
submitted|working h|when it was last handed in
left|expert-h|still to be done
piece|expert-h|left of the piece attacked
piece_index|-|how many pieces are done
attempts|sessions|not done on this piece since somebody took it
tries|-|attempts on this piece in all, which name its luck
manual_left|h|of the piece by hand
sessions|sessions|on it
submissions|-|times it was handed in
rework|-|whether it came back from review
escalated|-|whether it was passed on
mentoring|-|whether mentoring comes first
hazard|-|-ln P(no defect) of what was done since the last submission
unverified|-|pieces done without hard evidence
agent_hours|expert-h|of it written by an agent
submitted_hours|expert-h|that the next review is about
defect|-|whether the submission holds one
root|-|task of the stream it grew out of; itself if of the stream
open_defects|fixes|surfaced and not accepted
credited|-|whether its size counts as delivered
"""

WEEK = """
counted|-|by weekly flow
hours|h|by activity
hours_class|h|by class
levels|people|by nearest level, at its end
cost|money|in the week
"""

CALENDAR = """
rate|h per working h|development hours left for tasks per hour of the clock
until|working h|up to when that rate holds
capacity|h|of development in the week
training|h|taught or learnt in the week
mentoring|h|given to newcomers in the week
paid|h per week|paid; 0 where the seat is empty
pay|money per h|of its holder
level|level|its holder was hired at, the mean over domains
tenure|weeks|since a newcomer joined; infinite for others
trainee|-|whether its holder has a place in the training
hiring|money|spent on filling it this week
"""
