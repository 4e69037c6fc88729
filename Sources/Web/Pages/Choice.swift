/// One of several things to choose from: an option of a select, a radio button or a checkbox.
struct Choice: Sendable {
    let value: String, label: String
    var hint = ""
    var isChosen = false
}
