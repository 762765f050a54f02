#!/usr/bin/env python3
"""Whatever a form of the console does, a program can do, by the same permission; or it stands here with
the reason why not. A new form without either fails."""
import json
import subprocess
import sys

import spine
from api_client import Program

CALLS = {  # form of the console: calls of the API
    "/queue/act": "takeTask freeTask snoozeTask endTask dropTask",
    "/queue/undo/{}": "reopenTask snoozeTask freeTask",
    "/team/move": "assignTask",
    "/accounts/{}/note/{}/withdraw": "withdrawNote",
    "/accounts/{}/open": "openAddress",
    "/accounts/{}/balance-checked": "settleBalance",
    "/accounts/{}/paper": "addDocument",
    "/accounts/{}/not-now": "snoozeTask",
    "/accounts/{}/now/{}": "snoozeTask",
    "/accounts/{}/call": "beginCall",
    "/accounts/{}/call/{}/drop": "dropCall",
    "/accounts/{}/wrap-up": "endCall",
    "/accounts/{}/fact/{}/end": "endFact",
    "/accounts/{}/promise": "addPromise",
    "/accounts/{}/promise/{}/withdraw": "withdrawPromise",
    "/accounts/{}/plan": "agreePlan",
    "/accounts/{}/plan/{}/pause": "pausePlan",
    "/accounts/{}/plan/{}/resume": "resumePlan",
    "/accounts/{}/plan/{}/change": "changePlan",
    "/accounts/{}/plan/{}/move": "movePlanPayment skipPlanPayment",
    "/accounts/{}/plan/{}/cancel": "cancelPlan",
    "/accounts/{}/offer": "makeOffer",
    "/accounts/{}/offer/{}/accept": "acceptOffer",
    "/accounts/{}/offer/{}/approve": "approveOffer",
    "/accounts/{}/offer/{}/decline": "declineOffer",
    "/accounts/{}/offer/{}/withdraw": "withdrawOffer",
    "/accounts/{}/dispute": "openDispute",
    "/accounts/{}/dispute/{}/paper": "addDisputePaper",
    "/accounts/{}/dispute/{}/answer": "answerDispute",
    "/accounts/{}/dispute/{}/withdraw": "withdrawDispute",
    "/accounts/{}/dispute/{}/reopen": "reopenDispute",
    "/accounts/{}/hold": "placeHold",
    "/accounts/{}/hold/{}/lift": "liftHold",
    "/accounts/{}/hardship": "openHardship",
    "/accounts/{}/hardship/{}/decide": "decideHardship",
    "/accounts/{}/hardship/{}/paper": "addHardshipPaper",
    "/accounts/{}/contact": "logContact",
    "/accounts/{}/details": "addAddress setLanguage setLocation addPreference addFact optOut addConsent setNeeds",
    "/accounts/{}/details/point/{}/bad": "markAddressBad",
    "/accounts/{}/details/point/{}/good": "markAddressGood",
    "/accounts/{}/details/fact/{}/end": "endFact",
    "/accounts/{}/payment": "addPayment",
    "/accounts/{}/payment/{}/undo": "takePaymentBack",
    "/accounts/{}/payment/{}/reverse": "takePaymentBack",
    "/accounts/{}/payment/{}/refund": "refundPayment",
    "/accounts/{}/payment/{}/move": "movePayment",
    "/accounts/{}/charge": "addCharge",
    "/accounts/{}/charge/{}/undo": "undoCharge",
    "/accounts/{}/reply": "writeMessage",
    "/accounts/{}/reply/{}/stop": "stopMessage",
    "/accounts/{}/write": "writeMessage addNote",
    "/accounts/{}/details/language/{}": "setLanguage",
    "/accounts/{}/details/fact/{}/again/{}": "addFact",
    "/accounts/{}/hardship/{}/undo/{}": "decideHardship",
    "/outbox/again": "sendMessageAgain",
    "/outbox/{}/again": "sendMessageAgain",
    "/outbox/{}/settle": "settleMessage",
    "/outbox/{}/stop": "stopMessage",
    "/compliance/verify": "verifyJournal",
    "/d/{}/pdf": "makeDecisionSummary",
    "/audit": "makeEvidencePack",
    "/compliance/samples": "drawSample",
    "/compliance/samples/{}/{}": "reviewRecord",
    "/complaints": "openComplaint",
    "/accounts/{}/complaint": "openComplaint",
    "/accounts/{}/complaint/{}/acknowledge": "acknowledgeComplaint",
    "/accounts/{}/complaint/{}/note": "noteComplaint",
    "/accounts/{}/complaint/{}/answer": "answerComplaint",
    "/accounts/{}/complaint/{}/close": "closeComplaint",
    "/accounts/{}/complaint/{}/reopen": "reopenComplaint",
    "/admin/users": "addUser",
    "/admin/users/{}/details": "setUserDetails",
    "/admin/users/{}/role": "setUserRole",
    "/admin/users/{}/disable": "disableUser",
    "/admin/users/{}/enable": "enableUser",
    "/admin/users/{}/link": "makeSignInLink",
    "/admin/users/{}/reset": "resetSignIn",
    "/admin/users/{}/sessions": "endSessions endSession",
    "/admin/tokens": "addToken",
    "/admin/tokens/{}/revoke": "endToken",
    "/me/security/end": "endMySession",
    "/me/security/end-others": "endMySessions",
    "/approvals/{}/approve": "approve",
    "/approvals/{}/decline": "decline",
    "/approvals/{}/withdraw": "withdrawApproval",
    "/admin/imports": "addImport",
    "/admin/imports/{}/check": "checkImport",
    "/admin/imports/{}/load": "loadImport",
    "/admin/imports/{}/drop": "dropImport",
    "/admin/settings": "putSetting",
    "/admin/channels/email/test": "testEmail",
    "/templates/{}/{}/try": "tryText",
    "/templates/{}/{}/draft": "saveTextDraft",
    "/templates/{}/{}/drop": "dropTextDraft",
    "/templates/{}/{}/draft/back/{}": "restoreTextDraft",
    "/templates/{}/{}/publish": "publishText",
    "/templates/{}/{}/back/{}": "restoreTextVersion",
    "/admin/integrations": "addWebhook",
    "/admin/integrations/{}/on": "switchWebhookOn",
    "/admin/integrations/{}/off": "switchWebhookOff",
    "/admin/integrations/{}/remove": "endWebhook",
    "/admin/integrations/deliveries/{}/replay": "replayDelivery",
    "/strategies": "addStrategy",
    "/strategies/{}/draft": "saveStrategyDraft",
    "/strategies/{}/draft/drop": "dropStrategyDraft",
    "/strategies/{}/draft/back/{}": "restoreStrategyDraft",
    "/strategies/{}/publish": "publishStrategy",
    "/strategies/{}/back/{}": "restoreStrategyVersion",
}
SIGNS_IN = "a password and what proves who somebody is are typed by them, into a page of ours"
REASONS = {
    "/sign-in": SIGNS_IN,
    "/sign-in/link/{}": SIGNS_IN,
    "/sign-in/code": SIGNS_IN,
    "/sign-in/password": SIGNS_IN,
    "/sign-in/authenticator": SIGNS_IN,
    "/sign-out": "it ends the session of a browser, and takes its cookie away",
    "/me/security/password": SIGNS_IN,
    "/me/security/authenticator": SIGNS_IN,
    "/me/security/authenticator/remove": SIGNS_IN,
    "/me/security/recovery": SIGNS_IN,
    "/accounts/{}/write/show": "it shows what writeMessage would send, to who is about to press it",
    "/strategies/{}/draft/try": "a program has the text in hand: it changes that, and saves it",
    "/u/{}": "it is for who was written to, by the link of that email; optOut is the call",
    "/views": "filters that somebody keeps for their own lists: a program keeps its own",
    "/views/{}": "filters that somebody keeps for their own lists: a program keeps its own",
    "/views/{}/remove": "filters that somebody keeps for their own lists: a program keeps its own",
}


def main():
    results = spine.Results("api parity")
    said = subprocess.run([spine.program(), "help", "--routes"], capture_output=True, text=True, check=True)
    table = json.loads(said.stdout)
    forms = {r["path"]: r["may"] for r in table if r["method"] == "POST" and not r["path"].startswith("/api/")}
    with spine.scratch("api-parity") as folder:
        book = folder / "recoup.db"
        spine.Recoup(book).must("init", "--name", "parity", "--org", "Parity", "--tz", "UTC")
        with spine.serving(book) as address:
            root = Program(address, None).ask("GET", "/api/v1/openapi.json")[1]
    calls = {o["operationId"]: o.get("x-permission", "signed-in")
             for path in root["paths"].values() for o in path.values()}
    results.check(len(forms) > 100 and len(calls) > 150, "there are forms and calls", len(forms), len(calls))
    for path, may in forms.items():
        named = CALLS.get(path, "").split()
        results.check(bool(named) != (path in REASONS), f"{path} has a call, or a reason why not")
        for name in named:
            results.check(name in calls, f"{path}: there is a call {name}")
            results.check(calls.get(name) == may, f"{path}: {name} needs what the form needs",
                          calls.get(name), may)
    for path in list(CALLS) + list(REASONS):
        results.check(path in forms, f"{path} is a form")
    ids = [o["operationId"] for path in root["paths"].values() for o in path.values()]
    results.check(len(ids) == len(set(ids)), "every call has a name of its own")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
