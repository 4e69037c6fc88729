// What an ID belongs to. These have no values: they only keep one kind of identifier from passing for another.
package enum UserRow {}
package enum OrganizationRow {}
package enum SignInRow {}
package enum SessionRow {}
package enum SlotRow {}
package enum MeetingRow {}
package enum EventRow {}
package enum CallRow {}
package enum JobRow {}
package enum InterventionRow {}
package enum OpenIDAccountRow {}
package enum GroupRow {}
package enum InvitationRow {}

package typealias UserID = ID<UserRow>
package typealias OrganizationID = ID<OrganizationRow>
package typealias SignInID = ID<SignInRow>
package typealias SessionID = ID<SessionRow>
package typealias SlotID = ID<SlotRow>
package typealias MeetingID = ID<MeetingRow>
package typealias EventID = ID<EventRow>
package typealias CallID = ID<CallRow>
package typealias JobID = ID<JobRow>
package typealias InterventionID = ID<InterventionRow>
package typealias OpenIDAccountID = ID<OpenIDAccountRow>
package typealias GroupID = ID<GroupRow>
package typealias InvitationID = ID<InvitationRow>
