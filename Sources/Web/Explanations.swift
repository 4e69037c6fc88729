import Foundation
import HTTP
import Provisioning
import Values

/// The words of each ``Explanation``, in English: the one place where they stand. `{name}` is the argument of that name.
enum Explanations {
    static let sentences = [
        // Why a session has no meeting, and what somebody has to look at.
        "provider_timeout": "{provider} did not give us a meeting within {minutes} minutes. The time is free again.",
        "meeting_refused": "{provider} refused to make the meeting: {reason}",
        "provider_answer_lost": "{provider} may have made a meeting, and did not clearly say so: {reason}",
        "meeting_not_recorded":
            "{provider} gave us a meeting that is in the database already, or that cannot be joined.",
        "meeting_not_given": "The server could not get a meeting from {provider}. The time is free again.",
        "answer_lost": "{provider} may have made a meeting that we cannot name: {reason}",
        "cancel_failed": "{provider} did not cancel a meeting: {reason}",
        "stray_left": "A meeting may be left at {provider} that nobody needs: {reason}",
        "meeting_gone": "{provider} has forgotten the meeting of a session.",
        "set_aside":
            "The server failed again and again at getting this session its meeting, and has stopped trying.",
        "cannot_set_aside":
            "The server failed again and again at getting this session its meeting, and cannot give it up either.",

        // What a call to a provider came to, after a colon.
        "call_not_sent": "{error}",
        "call_answer_lost": "{error}",
        "call_answer_too_large": "the answer is too large",
        "call_address_refused": "the address may not be reached",
        "call_broken_off": "the call was broken off",
        "call_answered": "HTTP {status}: {message}",
        "call_answered_with_code": "HTTP {status}, code {code}: {message}",
        "call_answered_without_reason": "HTTP {status}: no reason given",
        "call_unreadable": "HTTP {status} with a body that cannot be read",
        "call_unusable_meeting": "HTTP {status} with a meeting that nobody can join",
        "call_no_token": "no access token: {reason}",
        "call_token_rejected": "a new access token was refused as well",
        "call_unwritable": "the request cannot be written as JSON",
        "call_no_such_meeting": "there is no such meeting",
        "call_unsearchable": "meetings at {provider} cannot be searched",
        "call_no_account": "there is no account with it any more",
        "call_credentials_unreadable":
            "The credentials of this organization cannot be read with the keys that this server has. Enter the secret "
            + "again, or give the server the key that it was sealed with.",
        "server_stopped": "the server stopped before the answer came",

        // What came of testing an account.
        "account_provider_unavailable": "{provider} cannot answer now. Try again in a few minutes.",
        "account_answer_unclear": "{provider} gave no clear answer. Try again in a few minutes.",
        "account_not_permitted":
            "{provider} knows the credentials, but does not let them read meetings ({code}). Give the app the "
            + "permissions for meetings, and have it approved.",
        "account_request_unknown": "{provider} does not know what we asked for.",
        "account_feishu_works": "Feishu knows the app, and lets us read its reservations.",
        "account_feishu_app_unknown":
            "Feishu does not know this app id or this app secret. Copy both again from the app's page in the developer "
            + "console, and check whether it is an app of Feishu or of Lark.",
        "account_zoom_works": "Zoom knows the account, and lets us read its meetings.",
        "account_zoom_client_unknown":
            "Zoom does not know this client id or this client secret. Copy both again from the app's page in the Zoom "
            + "App Marketplace.",
        "account_zoom_account_unknown":
            "Zoom does not know this account id, or the app is not activated. Look at the app's page in the Zoom App "
            + "Marketplace.",
        "account_zoom_host_unknown": "Zoom has no user {host} in this account. Name one who has a license.",

        // Why a mail or another job was given up, after a colon.
        "mail_refused": "the mail server refused it: {reply}",
        "mail_postponed": "the mail server did not take it this time: {reply}",
        "mail_not_sent": "not sent: {error}",
        "mail_lost": "lost on the way: {error}",
        "mail_no_server": "no mail server is set",
        "mail_key_lost": "it was sealed with a key that this server does not have any more",
        "mail_unreadable": "the mail cannot be unsealed",
        "mail_expired": "its link ran out before it could be sent",
        "mail_unwritable": "its address cannot be written to",
        "job_abandoned": "the server stopped at it {times} times",
        "job_failed": "the server failed at it again and again",
    ]
}

extension Explanation {
    var sentence: String {
        // Of another version of this program: the code is better than nothing.
        guard let sentence = Explanations.sentences[code] else { return code.replacing("_", with: " ") }
        return sentence.replacing(/\{(\w+)\}/) { name in words(for: String(name.1)) }
    }

    private func words(for name: String) -> String {
        switch arguments[name] {
        case .text(let text): name == "provider" ? ProviderName(rawValue: text)?.label ?? text : text.isolated
        case .number(let number): String(number)
        case .reason(let reason): reason.sentence
        case nil: "?"
        }
    }

    /// Read from a row as the audit log has it: an explanation, or a failure with one.
    init?(_ value: JSONValue) {
        guard let document = try? JSONEncoder.convene.encode(value) else { return nil }
        let found =
            (try? JSONDecoder.convene.decode(Explanation.self, from: document))
            ?? (try? JSONDecoder.convene.decode(MeetingFailure.self, from: document))?.reason
        guard let found else { return nil }
        self = found
    }
}
