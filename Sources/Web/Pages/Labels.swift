import Access
import Sessions
import Values

// How the product's words are written for people, in English.

extension Role {
    var label: String {
        switch self {
        case .superAdmin: "Platform admin"
        case .admin: "Admin"
        case .counselor: "Counselor"
        case .mentor: "Mentor"
        case .student: "Student"
        }
    }
}

extension SessionKind {
    var label: String {
        switch self {
        case .regularMentoring: "Mentoring"
        case .gapAnalysis: "Gap analysis"
        case .aiCareer: "AI career"
        case .commSession: "Communication"
        case .classSession: "Class"
        }
    }

    var hint: String {
        switch self {
        case .regularMentoring: "One student and a mentor"
        case .gapAnalysis: "Where a student stands and wants to be"
        case .aiCareer: "Career planning with AI topics"
        case .commSession: "A talk with a counselor, not billed"
        case .classSession: "One mentor and several students"
        }
    }
}

extension SessionStatus {
    var label: String {
        switch self {
        case .pendingMeeting: "Creating the meeting"
        case .scheduled: "Scheduled"
        case .meetingFailed: "No meeting"
        case .completed: "Completed"
        case .cancelled: "Cancelled"
        }
    }
}
