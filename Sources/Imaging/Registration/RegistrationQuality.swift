/// How sure a registration is.
public struct RegistrationQuality: Sendable {
}
