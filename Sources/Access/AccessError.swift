/// Why a person may not do what they asked for, whatever it was.
package enum AccessError: Error, Equatable {
    /// The sign-in has ended or run out.
    case signedOut
    /// The password was right, and the second factor has not been shown yet.
    case secondFactorRequired
    /// The person is no member of the organization, or of none.
    case notAMember
    /// The person has several organizations and named none.
    case organizationRequired
    /// Their role there does not allow it.
    case forbidden
}
