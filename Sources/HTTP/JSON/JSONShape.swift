/// What a reader of JSON has a use for at one place.
indirect enum JSONShape {
    case schema(Schema)
    /// All of it, whatever it is.
    case anything
    /// It is checked, and not kept.
    case nothing

    var wantsText: Bool {
        switch self {
        case .anything: true
        case .nothing: false
        case .schema(let schema): schema.isText
        }
    }

    var wantsNumber: Bool {
        switch self {
        case .schema(.integer), .schema(.number), .anything: true
        default: false
        }
    }

    var wantsMembers: Bool {
        switch self {
        case .schema(.object), .schema(.members), .anything: true
        default: false
        }
    }

    /// `nil` for a member without a declaration.
    func member(_ name: String) -> JSONShape? {
        switch self {
        case .schema(.object(let properties)):
            properties.first { $0.name.utf8.elementsEqual(name.utf8) }.map(\.schema.shape)
        case .schema(.members), .anything: .anything
        default: nil
        }
    }

    /// Whether a name is equal to a declared one as Swift compares texts, which is by what they look like.
    func takesForOneOfItsOwn(_ name: String) -> Bool {
        if case .schema(.object(let properties)) = self { properties.contains { $0.name == name } } else { false }
    }

    /// What the elements of an array are, and how many there may be.
    var elements: (shape: JSONShape, most: Int) {
        switch self {
        case .schema(.array(let element, let count)): (element.shape, count.upperBound)
        case .anything: (.anything, .max)
        default: (.nothing, 0)
        }
    }
}

extension Schema {
    var shape: JSONShape {
        switch self {
        case .named(_, let schema), .nullable(let schema): schema.shape
        default: .schema(self)
        }
    }
}

extension Schema {
    /// Without a default, so that a new kind of text is not read as none.
    fileprivate var isText: Bool {
        switch self {
        case .string, .line, .prose, .enumeration, .pattern, .timeZone, .id, .email, .time: true
        case .integer, .number, .boolean, .array, .object, .members: false
        case .nullable(let schema), .named(_, let schema): schema.isText
        }
    }
}
