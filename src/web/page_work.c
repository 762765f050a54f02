/* What a collector does from an account: the addresses. */
#include "web/work_pages.h"

#include "base/text.h"
#include "web/page_parts.h"

bool work_number(const struct page *p, int hole, int32_t *number, struct fault *why)
{
    int64_t typed;

    if (!text_to_int(p->holes[hole], &typed) || typed < 1 || typed > INT32_MAX)
        return fail(why, NOT_FOUND, "There is nothing of that number.");
    *number = (int32_t)typed;
    return true;
}

void work_today(struct page *p)
{
    char day[DAY_TEXT];

    put(p->context, "today_iso", day_print(p->view->today, day));
}

#define A "/accounts/{}"

const struct route routes_work[] = {
    { "GET", A "/call", MAY_WORK, "accounts", "call", page_call, NULL },
    { "POST", A "/call", MAY_WORK, "accounts", "call", call_begin, page_call },
    { "POST", A "/call/{}/drop", MAY_WORK, "accounts", "fault", call_drop, NULL },
    { "GET", A "/wrap-up", MAY_WORK, "accounts", "wrap_up", page_wrap_up, NULL },
    { "POST", A "/wrap-up", MAY_WORK, "accounts", "wrap_up", wrap_up, page_wrap_up },
    { "POST", A "/fact/{}/end", MAY_WORK, "accounts", "fault", fact_end, NULL },
    { "GET", A "/promise", MAY_AGREE, "accounts", "promise", page_promise, NULL },
    { "POST", A "/promise", MAY_AGREE, "accounts", "promise", promise_add, page_promise },
    { "POST", A "/promise/{}/withdraw", MAY_AGREE, "accounts", "fault", promise_withdraw, NULL },
    { "GET", A "/plan", MAY_AGREE, "accounts", "plan", page_plan, NULL },
    { "GET", A "/plan/check", MAY_AGREE, "accounts", "plan_check", page_plan_check, NULL },
    { "GET", A "/plan/preview", MAY_AGREE, "accounts", "fault", plan_preview, NULL },
    { "POST", A "/plan", MAY_AGREE, "accounts", "plan_check", plan_agree, page_plan_check },
    { "GET", A "/plan/{}", MAY_SEE, "accounts", "plan_one", page_plan_one, NULL },
    { "GET", A "/plan/{}/letter", MAY_SEE, "accounts", "fault", plan_paper, NULL },
    { "POST", A "/plan/{}/pause", MAY_AGREE, "accounts", "plan_one", plan_pause, page_plan_one },
    { "POST", A "/plan/{}/resume", MAY_AGREE, "accounts", "plan_one", plan_resume, page_plan_one },
    { "POST", A "/plan/{}/change", MAY_AGREE, "accounts", "plan_one", plan_change, page_plan_one },
    { "POST", A "/plan/{}/move", MAY_AGREE, "accounts", "plan_one", plan_move, page_plan_one },
    { "POST", A "/plan/{}/cancel", MAY_AGREE, "accounts", "plan_one", plan_cancel, page_plan_one },
    { "GET", A "/offer", MAY_AGREE, "accounts", "offer", page_offer, NULL },
    { "POST", A "/offer", MAY_AGREE, "accounts", "offer", offer_make, page_offer },
    { "GET", A "/offer/{}", MAY_SEE, "accounts", "offer_one", page_offer_one, NULL },
    { "GET", A "/offer/{}/letter", MAY_SEE, "accounts", "fault", offer_paper, NULL },
    { "POST", A "/offer/{}/accept", MAY_AGREE, "accounts", "offer_one", offer_accept, page_offer_one },
    { "POST", A "/offer/{}/approve", MAY_APPROVE, "accounts", "offer_one", offer_approve, page_offer_one },
    { "POST", A "/offer/{}/decline", MAY_AGREE, "accounts", "offer_one", offer_decline, page_offer_one },
    { "POST", A "/offer/{}/withdraw", MAY_AGREE, "accounts", "offer_one", offer_withdraw, page_offer_one },
    { "GET", A "/dispute", MAY_DISPUTE, "accounts", "dispute", page_dispute, NULL },
    { "POST", A "/dispute", MAY_DISPUTE, "accounts", "dispute", dispute_take, page_dispute,
      TAKES_UPLOAD },
    { "GET", A "/dispute/{}", MAY_SEE, "accounts", "dispute_one", page_dispute_one, NULL },
    { "POST", A "/dispute/{}/paper", MAY_DISPUTE, "accounts", "dispute_one", dispute_paper_add,
      page_dispute_one, TAKES_UPLOAD },
    { "POST", A "/dispute/{}/answer", MAY_ANSWER, "accounts", "dispute_one", dispute_decide,
      page_dispute_one },
    { "POST", A "/dispute/{}/withdraw", MAY_DISPUTE, "accounts", "dispute_one", dispute_withdraw,
      page_dispute_one },
    { "POST", A "/dispute/{}/reopen", MAY_ANSWER, "accounts", "dispute_one", dispute_again,
      page_dispute_one },
    { "GET", A "/hold", MAY_HOLD, "accounts", "hold", page_hold, NULL },
    { "POST", A "/hold", MAY_HOLD, "accounts", "hold", hold_put, page_hold },
    { "POST", A "/hold/{}/lift", MAY_HOLD, "accounts", "hold", hold_lift, page_hold },
    { "GET", A "/hardship", MAY_SEE, "accounts", "hardship", page_hardship, NULL },
    { "POST", A "/hardship", MAY_HOLD, "accounts", "hardship", hardship_take, page_hardship,
      TAKES_UPLOAD },
    { "GET", A "/hardship/{}", MAY_SEE, "accounts", "hardship_one", page_hardship_one, NULL },
    { "POST", A "/hardship/{}/decide", MAY_ANSWER, "accounts", "hardship_one", hardship_answer,
      page_hardship_one },
    { "POST", A "/hardship/{}/undo/{}", MAY_ANSWER, "accounts", "hardship_one", hardship_back,
      page_hardship_one },
    { "POST", A "/hardship/{}/paper", MAY_HOLD, "accounts", "hardship_one", hardship_paper_add,
      page_hardship_one, TAKES_UPLOAD },
    { "GET", A "/contact", MAY_WORK, "accounts", "contact", page_contact, NULL },
    { "POST", A "/contact", MAY_WORK, "accounts", "contact", contact_add, page_contact },
    { "GET", A "/details", MAY_WORK, "accounts", "details", page_details, NULL },
    { "POST", A "/details", MAY_WORK, "accounts", "details", details_note, page_details },
    { "POST", A "/details/point/{}/bad", MAY_WORK, "accounts", "details", details_point_bad,
      page_details },
    { "POST", A "/details/point/{}/good", MAY_WORK, "accounts", "details", details_point_good,
      page_details },
    { "POST", A "/details/fact/{}/end", MAY_WORK, "accounts", "details", details_fact_end,
      page_details },
    { "POST", A "/details/fact/{}/again/{}", MAY_WORK, "accounts", "details", details_fact_again,
      page_details },
    { "POST", A "/details/language/{}", MAY_WORK, "accounts", "details", details_language_back,
      page_details },
    { "GET", A "/payment", MAY_PAY, "accounts", "payment", page_payment, NULL },
    { "POST", A "/payment", MAY_PAY, "accounts", "payment", payment_add, page_payment },
    { "GET", A "/payment/{}", MAY_SEE, "accounts", "payment_one", page_payment_one, NULL },
    { "POST", A "/payment/{}/undo", MAY_PAY, "accounts", "payment_one", payment_undo,
      page_payment_one },
    { "POST", A "/payment/{}/reverse", MAY_PAY, "accounts", "payment_one", payment_reverse,
      page_payment_one },
    { "POST", A "/payment/{}/refund", MAY_PAY, "accounts", "payment_one", payment_refund,
      page_payment_one },
    { "POST", A "/payment/{}/move", MAY_PAY, "accounts", "payment_one", payment_move,
      page_payment_one },
    { "GET", A "/charge", MAY_PAY, "accounts", "charge", page_charge, NULL },
    { "POST", A "/charge", MAY_PAY, "accounts", "charge", charge_add, page_charge },
    { "POST", A "/charge/{}/undo", MAY_PAY, "accounts", "charge", charge_back, page_charge },
    { "GET", A "/reply", MAY_WORK, "accounts", "reply", page_reply, NULL },
    { "POST", A "/reply", MAY_WORK, "accounts", "reply", reply_send, page_reply },
    { "POST", A "/write", MAY_WORK, "accounts", "account", write_send, account_page },
    { "POST", A "/write/show", MAY_WORK, "accounts", "account", write_show, account_page },
    { "POST", A "/reply/{}/stop", MAY_WORK, "accounts", "reply", reply_stop, page_reply },
    { 0 },
};
