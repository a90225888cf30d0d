"""English words of the context and what may stand in their place."""

from __future__ import annotations

from .lines import alternatives

ENGLISH = alternatives(
    """
    because of: owing to / on account of
    owing to: because of
    despite: in spite of
    in spite of: despite
    although: though / even though
    even though: although
    but: yet
    however: nevertheless
    nevertheless: even so
    hence: therefore / thus
    therefore: hence / thus
    thus: hence
    moreover: furthermore / in addition
    furthermore: moreover
    in addition: moreover
    whereas: while
    whilst: while
    until: till
    upon: on
    prior to: before
    apart from: except for / aside from
    except for: apart from
    together with: along with
    along with: together with
    with regard to: regarding
    regarding: with regard to
    in order to: so as to
    such as: like
    shows: reveals / demonstrates
    showed: revealed / demonstrated
    showing: revealing
    reveals: shows
    demonstrates: shows
    began: started
    started: commenced
    commenced: started
    reports: describes / mentions
    reported: described / mentioned
    describes: reports
    states: says
    says: states
    told: informed
    noted: observed / recorded
    observed: noted
    believe: think
    declines: refuses
    refused: declined
    requires: needs
    required: needed
    needs: requires
    needed: required
    remains: stays
    remained: stayed
    resolved: settled
    settled: resolved
    improved: got better
    improving: getting better
    worsened: got worse
    recommended: advised
    withhold: hold back
    wary of: cautious about
    ask about: enquire about
    now: at present
    currently: at present / presently
    again: once more
    instead: in its place
    also: likewise
    recently: lately
    usually: normally / generally
    normally: usually
    often: frequently
    frequently: often
    sometimes: occasionally / at times
    occasionally: sometimes
    immediately: at once / straight away
    shortly: soon
    soon: shortly
    quickly: rapidly
    rapidly: quickly
    slowly: gradually
    gradually: slowly
    fully: completely
    completely: fully
    mainly: chiefly / mostly
    mostly: mainly
    chiefly: mainly
    nearly: almost
    almost: nearly
    approximately: roughly / about
    roughly: approximately
    several: a number of
    entire: whole
    initially: at first
    at first: initially
    previously: formerly
    subsequently: afterwards / later
    thereafter: afterwards
    eventually: in the end
    finally: in the end
    since then: from then on
    tonight: this evening
    this evening: tonight
    twice: two times
    """
)
