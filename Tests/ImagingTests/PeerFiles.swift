// Made by Golden/formats.py.

import Imaging

/// A small image as another program wrote it, and what it says of it.
struct PeerFile: Sendable, CustomStringConvertible {
    var name: String
    var writer: String
    var shape: [Int]
    var datatype: String
    /// RAS from voxels, by the writer.
    var affine: [[Double]]
    var base64: String
    var description: String { "\(name), \(writer)" }

    static let all: [PeerFile] = [
        PeerFile(
            name: "mgh f4.mgz", writer: "nibabel 5.4.2", shape: [3, 4, 5, 2], datatype: "float32",
            affine: [
                [1.433004737, -0.579258978, 0.146777004, -10.0], [0.443280339, 1.872586727, -0.474490166, 20.0],
                [0.0, 0.397338659, 2.450166464, 30.5],
            ],
            base64: """
                H4sIAAAAAAAE/9XRMU8UURTF8QNqQ28/X8CEL8DO25lrIpiQqDQkQLYCG4OF1QbCo1zExMKwihYjsMRKVqwsJGO3bpRCCiwImQYS\
                ExKNsdDO/w2WfAEn+eWcm3nFmzuSBiRdwmVcweC/mTdpKQXGkEjpg8ffa+3xe4zaezJ2K53vntVuzv8Zud98v5dNnqbNk86Hoevf\
                6u/6C9nV19f83P//pPF8A/VEqg8joMArdPEDv6VM6KGPTzjCMSpwJvuJX1LOdnO2nbPt/AZGMYbbuIMJTGEaM5jFHO5izUXlbfK5\
                o78guU9e0F+SHUffJrlP3qN/JD87+j75xdEPyENH/ypZ0wVE2YIrZYuSLbmAKIslKtmyZC3mVoFStuIq2UPJVl2CIHvkGogy7m9r\
                CYKs7RqIsqeuQCl75irZumQbEQVK2aarZFuS8Y3WSRBk266BKNsREgRZ1zUQZW9cgVK26yrZW37YBc9f72aTLhADAAA=
                """),
        PeerFile(
            name: "mgh i2.mgh", writer: "nibabel 5.4.2", shape: [3, 4, 5], datatype: "int16",
            affine: [
                [1.433004737, -0.579258978, 0.146777004, -10.0], [0.443280339, 1.872586727, -0.474490166, 20.0],
                [0.0, 0.397338659, 2.450166464, 30.5],
            ],
            base64: """
                AAAAAQAAAAMAAAAEAAAABQAAAAEAAAAEAAAAAAABP8AAAEAAAABAIAAAP3SQ7z6XTm0AAAAAvpRKUT9vsOw+S2/5PXB6vb5CWeY/\
                euWlwQpF6UG5ynxCFa4tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAIACgALAAwAFAAV\
                ABYAHgAfACAAZABlAGYAbgBvAHAAeAB5AHoAggCDAIQAyADJAMoA0gDTANQA3ADdAN4A5gDnAOgBLAEtAS4BNgE3ATgBQAFBAUIB\
                SgFLAUwBkAGRAZIBmgGbAZwBpAGlAaYBrgGvAbAAAAAAAAAAAAAAAAAAAAAAAAAAAA==
                """),
        PeerFile(
            name: "mgh i4.mgz", writer: "nibabel 5.4.2", shape: [2, 3, 4], datatype: "int32",
            affine: [
                [1.433004737, -0.579258978, 0.146777004, -9.999999046], [0.443280339, 1.872586727, -0.474490166, 20.0],
                [0.0, 0.397338659, 2.450166464, 30.5],
            ],
            base64: """
                H4sIAAAAAAAE/2NgYGBkYGBgAmJmIGYBYhAfhIGk/QEGBgcgw0GBgcG+ZMJ7u+l+uUAuw74pXoH2+Rve2Hnn/7QtqNq7zynymX3V\
                06UHhdx+O27KeeXE/8cRpG5YAFBYcAExNxCLALEoEKcAcSoQ5wFxPhBXAHElEJ8A4pNAfAmILwPxHSC+CwxIHSDWBWIzIDYHYgcg\
                xhpCAP1aFHGQAQAA
                """),
        PeerFile(
            name: "mgh u1.mgz", writer: "nibabel 5.4.2", shape: [2, 3, 2], datatype: "uint8",
            affine: [
                [1.433004737, -0.579258978, 0.146777004, -10.0], [0.443280339, 1.872586727, -0.474490166, 20.0],
                [0.0, 0.397338659, 2.450166464, 30.499998093],
            ],
            base64: """
                H4sIAAAAAAAE/2NgYGBkYGBgAmJmKA3iQwCj/QEGBgcg20GBgcG+ZMJ7u+l+uUAuw74pXoH2+Rve2Hnn/7QtqNq7zynymX3V06UH\
                RRboOW6zWO3Epu8BUjfEASMXt4hoSmpefkUlNp8AAObL/nQ8AQAA
                """),
        PeerFile(
            name: "nrrd raw little.nrrd", writer: "pynrrd 1.1.3", shape: [3, 4, 5], datatype: "int16",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDUKIyBUaGlzIE5SUkQgZmlsZSB3YXMgZ2VuZXJhdGVkIGJ5IHB5bnJyZAojIG9uIDIwMjYtMTEtMjEgMTM6NDk6Mjko\
                R01UKS4KIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9y\
                Z2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogaW50MTYKZGltZW5zaW9uOiAzCnNwYWNlOiBsZWZ0LXBvc3Rlcmlvci1zdXBl\
                cmlvcgpzaXplczogMyA0IDUKc3BhY2UgZGlyZWN0aW9uczogKDEuNDMzMDA0NzMzNjg4NDA5MSwwLjQ0MzI4MDMwOTk5MjAwOTI5\
                LDApICgtMC41NzkyNTg5NTUyNTEwMzExLDEuODcyNTg2NzI3MTY4Mzk4NSwwLjM5NzMzODY2MTU5MDEyMjQzKSAoMC4xNDY3Nzcw\
                MDQyMzQ1NjYzLC0wLjQ3NDQ5MDE1MjQ0NjcxODU1LDIuNDUwMTY2NDQ0NjAzMTA0KQpraW5kczogZG9tYWluIGRvbWFpbiBkb21h\
                aW4KZW5kaWFuOiBsaXR0bGUKZW5jb2Rpbmc6IHJhdwpzcGFjZSBvcmlnaW46ICgtMTAsMjAsMzAuNSkKCgAAAQACAAoACwAMABQA\
                FQAWAB4AHwAgAGQAZQBmAG4AbwBwAHgAeQB6AIIAgwCEAMgAyQDKANIA0wDUANwA3QDeAOYA5wDoACwBLQEuATYBNwE4AUABQQFC\
                AUoBSwFMAZABkQGSAZoBmwGcAaQBpQGmAa4BrwGwAQ==
                """),
        PeerFile(
            name: "nrrd raw big.nrrd", writer: "pynrrd 1.1.3", shape: [3, 4, 5], datatype: "int16",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDUKIyBUaGlzIE5SUkQgZmlsZSB3YXMgZ2VuZXJhdGVkIGJ5IHB5bnJyZAojIG9uIDIwMjYtMTEtMjEgMTM6NDk6Mjko\
                R01UKS4KIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9y\
                Z2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogaW50MTYKZGltZW5zaW9uOiAzCnNwYWNlOiBsZWZ0LXBvc3Rlcmlvci1zdXBl\
                cmlvcgpzaXplczogMyA0IDUKc3BhY2UgZGlyZWN0aW9uczogKDEuNDMzMDA0NzMzNjg4NDA5MSwwLjQ0MzI4MDMwOTk5MjAwOTI5\
                LDApICgtMC41NzkyNTg5NTUyNTEwMzExLDEuODcyNTg2NzI3MTY4Mzk4NSwwLjM5NzMzODY2MTU5MDEyMjQzKSAoMC4xNDY3Nzcw\
                MDQyMzQ1NjYzLC0wLjQ3NDQ5MDE1MjQ0NjcxODU1LDIuNDUwMTY2NDQ0NjAzMTA0KQpraW5kczogZG9tYWluIGRvbWFpbiBkb21h\
                aW4KZW5kaWFuOiBiaWcKZW5jb2Rpbmc6IHJhdwpzcGFjZSBvcmlnaW46ICgtMTAsMjAsMzAuNSkKCgAAAAEAAgAKAAsADAAUABUA\
                FgAeAB8AIABkAGUAZgBuAG8AcAB4AHkAegCCAIMAhADIAMkAygDSANMA1ADcAN0A3gDmAOcA6AEsAS0BLgE2ATcBOAFAAUEBQgFK\
                AUsBTAGQAZEBkgGaAZsBnAGkAaUBpgGuAa8BsA==
                """),
        PeerFile(
            name: "nrrd gzip little.nrrd", writer: "pynrrd 1.1.3", shape: [3, 4, 5], datatype: "int16",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDUKIyBUaGlzIE5SUkQgZmlsZSB3YXMgZ2VuZXJhdGVkIGJ5IHB5bnJyZAojIG9uIDIwMjYtMTEtMjEgMTM6NDk6Mjko\
                R01UKS4KIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9y\
                Z2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogaW50MTYKZGltZW5zaW9uOiAzCnNwYWNlOiBsZWZ0LXBvc3Rlcmlvci1zdXBl\
                cmlvcgpzaXplczogMyA0IDUKc3BhY2UgZGlyZWN0aW9uczogKDEuNDMzMDA0NzMzNjg4NDA5MSwwLjQ0MzI4MDMwOTk5MjAwOTI5\
                LDApICgtMC41NzkyNTg5NTUyNTEwMzExLDEuODcyNTg2NzI3MTY4Mzk4NSwwLjM5NzMzODY2MTU5MDEyMjQzKSAoMC4xNDY3Nzcw\
                MDQyMzQ1NjYzLC0wLjQ3NDQ5MDE1MjQ0NjcxODU1LDIuNDUwMTY2NDQ0NjAzMTA0KQpraW5kczogZG9tYWluIGRvbWFpbiBkb21h\
                aW4KZW5kaWFuOiBsaXR0bGUKZW5jb2Rpbmc6IGd6aXAKc3BhY2Ugb3JpZ2luOiAoLTEwLDIwLDMwLjUpCgofiwgAAAAAAAIDBcGh\
                AQEBAEDR/0UnImIAREREjIGI6EQMgIiIeHdjICIiYgzvgaRIE5AhS448BYqU6DNgyIgxE6aEzJizYMmZC1du3Hnw5MWbD19+lK1Y\
                tWbdhk1btu3YtefKtRu37tx78OjJyNjEPzaPUfZ4AAAA
                """),
        PeerFile(
            name: "nrrd gzip big.nrrd", writer: "pynrrd 1.1.3", shape: [3, 4, 5], datatype: "int16",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDUKIyBUaGlzIE5SUkQgZmlsZSB3YXMgZ2VuZXJhdGVkIGJ5IHB5bnJyZAojIG9uIDIwMjYtMTEtMjEgMTM6NDk6Mjko\
                R01UKS4KIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9y\
                Z2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogaW50MTYKZGltZW5zaW9uOiAzCnNwYWNlOiBsZWZ0LXBvc3Rlcmlvci1zdXBl\
                cmlvcgpzaXplczogMyA0IDUKc3BhY2UgZGlyZWN0aW9uczogKDEuNDMzMDA0NzMzNjg4NDA5MSwwLjQ0MzI4MDMwOTk5MjAwOTI5\
                LDApICgtMC41NzkyNTg5NTUyNTEwMzExLDEuODcyNTg2NzI3MTY4Mzk4NSwwLjM5NzMzODY2MTU5MDEyMjQzKSAoMC4xNDY3Nzcw\
                MDQyMzQ1NjYzLC0wLjQ3NDQ5MDE1MjQ0NjcxODU1LDIuNDUwMTY2NDQ0NjAzMTA0KQpraW5kczogZG9tYWluIGRvbWFpbiBkb21h\
                aW4KZW5kaWFuOiBiaWcKZW5jb2Rpbmc6IGd6aXAKc3BhY2Ugb3JpZ2luOiAoLTEwLDIwLDMwLjUpCgofiwgAAAAAAAIDBcGhAQEB\
                AEDR/0UnImIAREREjIGI6EQMgIiIeHdjICIiYgzvAZIiTUCGLDnyFChSos+AISPGTJgSMmPOgiVnLly5cefBkxdvPnz5WbZi1Zp1\
                GzZt2bZj154r127cunPvwaMnI2OTP8wejLJ4AAAA
                """),
        PeerFile(
            name: "nrrd frames first.nrrd", writer: "pynrrd 1.1.3", shape: [3, 4, 5, 2], datatype: "float32",
            affine: [
                [1.433004734, -0.579258955, 0.146777004, -10.0], [0.44328031, 1.872586727, -0.474490152, 20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDUKIyBUaGlzIE5SUkQgZmlsZSB3YXMgZ2VuZXJhdGVkIGJ5IHB5bnJyZAojIG9uIDIwMjYtMTEtMjEgMTM6NDk6MzAo\
                R01UKS4KIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9y\
                Z2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogZmxvYXQKZGltZW5zaW9uOiA0CnNwYWNlOiByaWdodC1hbnRlcmlvci1zdXBl\
                cmlvcgpzaXplczogMiAzIDQgNQpzcGFjZSBkaXJlY3Rpb25zOiBub25lICgxLjQzMzAwNDczMzY4ODQwOTEsMC40NDMyODAzMDk5\
                OTIwMDkyOSwwKSAoLTAuNTc5MjU4OTU1MjUxMDMxMSwxLjg3MjU4NjcyNzE2ODM5ODUsMC4zOTczMzg2NjE1OTAxMjI0MykgKDAu\
                MTQ2Nzc3MDA0MjM0NTY2MywtMC40NzQ0OTAxNTI0NDY3MTg1NSwyLjQ1MDE2NjQ0NDYwMzEwNCkKa2luZHM6IGxpc3QgZG9tYWlu\
                IGRvbWFpbiBkb21haW4KZW5kaWFuOiBsaXR0bGUKZW5jb2Rpbmc6IGd6aXAKc3BhY2Ugb3JpZ2luOiAoLTEwLDIwLDMwLjUpCgof\
                iwgAAAAAAAIDFdC9LgRRHIbxN7iQuQR3YOacKVCiRLbCNQhxlOuj3fVVjI/d6CxuYMolKCgoRM4liCiUnneaX/LmyT8nI/nbrKU0\
                o9KqVLJFpbSF05VaW1bSNja4g9eVSjuis990Cf8qZasg7eI4KHXxMaixT0Gt/cQ9/ArKNtPv+w4e4E9QYX+DSjsRVR7iZFTHTkUl\
                OxulHs5FFXaezi5gHxfp7RK9XcYjXIlq7GpUa9fwGNejst3g7gn26C9qJWxQfTp7ipfsmFFn9Ff+PzhgxwJ1zjvsAIfs2EENuWvH\
                9DfsWKAe6Owzjtixg3qht694y44N6o132He8Y8eM+uDuff0PoddhzOABAAA=
                """),
        PeerFile(
            name: "itk f8 packed 3-D.nrrd", writer: "SimpleITK 2.5.7", shape: [3, 4, 5], datatype: "float64",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDQKIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNl\
                Zm9yZ2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogZG91YmxlCmRpbWVuc2lvbjogMwpzcGFjZTogbGVmdC1wb3N0ZXJpb3It\
                c3VwZXJpb3IKc2l6ZXM6IDMgNCA1CnNwYWNlIGRpcmVjdGlvbnM6ICgxLjQzMzAwNDczMzY4ODQwOTEsMC40NDMyODAzMDk5OTIw\
                MDkyOSwwKSAoLTAuNTc5MjU4OTU1MjUxMDMxMSwxLjg3MjU4NjcyNzE2ODM5ODUsMC4zOTczMzg2NjE1OTAxMjI0MykgKDAuMTQ2\
                Nzc3MDA0MjM0NTY2MywtMC40NzQ0OTAxNTI0NDY3MTg1NSwyLjQ1MDE2NjQ0NDYwMzEwNCkKa2luZHM6IGRvbWFpbiBkb21haW4g\
                ZG9tYWluCmVuZGlhbjogbGl0dGxlCmVuY29kaW5nOiBnemlwCnNwYWNlIG9yaWdpbjogKC0xMCwyMCwzMC41KQoKH4sIAAAAAAAA\
                A03Kuw0CMRBF0SmBEhysEAXAhuyUQIpAyCk/CQEJkLgUl7AluARKcAlbAsG7lpjkaK6e2f9NA5/LDue4wCWusMc1Dui4lY6puVMv\
                aHv2B/aY2h/VIya0o3pAb57YY2qe1TOW5kW9ol31l7v8YsX4UL9hQnuqzzBgxhEL2os9Bsw4YkF/a7/BiBUntI//AI1rlOXgAQAA
                """),
        PeerFile(
            name: "itk u2 3-D.nrrd", writer: "SimpleITK 2.5.7", shape: [2, 3, 4], datatype: "uint16",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                TlJSRDAwMDQKIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNl\
                Zm9yZ2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogdW5zaWduZWQgc2hvcnQKZGltZW5zaW9uOiAzCnNwYWNlOiBsZWZ0LXBv\
                c3Rlcmlvci1zdXBlcmlvcgpzaXplczogMiAzIDQKc3BhY2UgZGlyZWN0aW9uczogKDEuNDMzMDA0NzMzNjg4NDA5MSwwLjQ0MzI4\
                MDMwOTk5MjAwOTI5LDApICgtMC41NzkyNTg5NTUyNTEwMzExLDEuODcyNTg2NzI3MTY4Mzk4NSwwLjM5NzMzODY2MTU5MDEyMjQz\
                KSAoMC4xNDY3NzcwMDQyMzQ1NjYzLC0wLjQ3NDQ5MDE1MjQ0NjcxODU1LDIuNDUwMTY2NDQ0NjAzMTA0KQpraW5kczogZG9tYWlu\
                IGRvbWFpbiBkb21haW4KZW5kaWFuOiBsaXR0bGUKZW5jb2Rpbmc6IHJhdwpzcGFjZSBvcmlnaW46ICgtMTAsMjAsMzAuNSkKCgAA\
                AQAKAAsAFAAVAGQAZQBuAG8AeAB5AMgAyQDSANMA3ADdACwBLQE2ATcBQAFBAQ==
                """),
        PeerFile(
            name: "itk i2 packed 3-D.mha", writer: "SimpleITK 2.5.7", shape: [3, 4, 5], datatype: "int16",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                T2JqZWN0VHlwZSA9IEltYWdlCk5EaW1zID0gMwpCaW5hcnlEYXRhID0gVHJ1ZQpCaW5hcnlEYXRhQnl0ZU9yZGVyTVNCID0gRmFs\
                c2UKQ29tcHJlc3NlZERhdGEgPSBUcnVlCkNvbXByZXNzZWREYXRhU2l6ZSA9IDEwOQpUcmFuc2Zvcm1NYXRyaXggPSAwLjk1NTMz\
                NjQ4OTEyNTYwNTk4IDAuMjk1NTIwMjA2NjYxMzM5NTUgMCAtMC4yODk2Mjk0Nzc2MjU1MTU1NSAwLjkzNjI5MzM2MzU4NDE5OTIz\
                IDAuMTk4NjY5MzMwNzk1MDYxMjIgMC4wNTg3MTA4MDE2OTM4MjY1MTcgLTAuMTg5Nzk2MDYwOTc4Njg3NDMgMC45ODAwNjY1Nzc4\
                NDEyNDE2MwpPZmZzZXQgPSAtMTAgMjAgMzAuNQpDZW50ZXJPZlJvdGF0aW9uID0gMCAwIDAKQW5hdG9taWNhbE9yaWVudGF0aW9u\
                ID0gUkFJCkVsZW1lbnRTcGFjaW5nID0gMS41IDIgMi41CkRpbVNpemUgPSAzIDQgNQpFbGVtZW50VHlwZSA9IE1FVF9TSE9SVApF\
                bGVtZW50RGF0YUZpbGUgPSBMT0NBTAp4XgXBoQEBAQBA0f9FJyJiAERERIyBiOhEDICIiHh3YyAiImIM74GkSBOQIUuOPAWKlOgz\
                YMiIMROmhMyYs2DJmQtXbtx58OTFmw9ffpStWLVm3YZNW7bt2LXnyrUbt+7ce/DoycjYxD9EPxq5
                """),
        PeerFile(
            name: "itk u1 3-D.mha", writer: "SimpleITK 2.5.7", shape: [2, 3, 2], datatype: "uint8",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                T2JqZWN0VHlwZSA9IEltYWdlCk5EaW1zID0gMwpCaW5hcnlEYXRhID0gVHJ1ZQpCaW5hcnlEYXRhQnl0ZU9yZGVyTVNCID0gRmFs\
                c2UKQ29tcHJlc3NlZERhdGEgPSBGYWxzZQpUcmFuc2Zvcm1NYXRyaXggPSAwLjk1NTMzNjQ4OTEyNTYwNTk4IDAuMjk1NTIwMjA2\
                NjYxMzM5NTUgMCAtMC4yODk2Mjk0Nzc2MjU1MTU1NSAwLjkzNjI5MzM2MzU4NDE5OTIzIDAuMTk4NjY5MzMwNzk1MDYxMjIgMC4w\
                NTg3MTA4MDE2OTM4MjY1MTcgLTAuMTg5Nzk2MDYwOTc4Njg3NDMgMC45ODAwNjY1Nzc4NDEyNDE2MwpPZmZzZXQgPSAtMTAgMjAg\
                MzAuNQpDZW50ZXJPZlJvdGF0aW9uID0gMCAwIDAKQW5hdG9taWNhbE9yaWVudGF0aW9uID0gUkFJCkVsZW1lbnRTcGFjaW5nID0g\
                MS41IDIgMi41CkRpbVNpemUgPSAyIDMgMgpFbGVtZW50VHlwZSA9IE1FVF9VQ0hBUgpFbGVtZW50RGF0YUZpbGUgPSBMT0NBTAoA\
                AQoLFBVkZW5veHk=
                """),
        PeerFile(
            name: "itk f4 packed 4-D.mha", writer: "SimpleITK 2.5.7", shape: [2, 3, 4, 2], datatype: "float32",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                T2JqZWN0VHlwZSA9IEltYWdlCk5EaW1zID0gNApCaW5hcnlEYXRhID0gVHJ1ZQpCaW5hcnlEYXRhQnl0ZU9yZGVyTVNCID0gRmFs\
                c2UKQ29tcHJlc3NlZERhdGEgPSBUcnVlCkNvbXByZXNzZWREYXRhU2l6ZSA9IDE0NApUcmFuc2Zvcm1NYXRyaXggPSAwLjk1NTMz\
                NjQ4OTEyNTYwNTk4IDAuMjk1NTIwMjA2NjYxMzM5NTUgMCAwIC0wLjI4OTYyOTQ3NzYyNTUxNTU1IDAuOTM2MjkzMzYzNTg0MTk5\
                MjMgMC4xOTg2NjkzMzA3OTUwNjEyMiAwIDAuMDU4NzEwODAxNjkzODI2NTE3IC0wLjE4OTc5NjA2MDk3ODY4NzQzIDAuOTgwMDY2\
                NTc3ODQxMjQxNjMgMCAwIDAgMCAxCk9mZnNldCA9IC0xMCAyMCAzMC41IDAKQ2VudGVyT2ZSb3RhdGlvbiA9IDAgMCAwIDAKRWxl\
                bWVudFNwYWNpbmcgPSAxLjUgMiAyLjUgNjAKRGltU2l6ZSA9IDIgMyA0IDIKQW5hdG9taWNhbE9yaWVudGF0aW9uID0gPz8/PwpF\
                bGVtZW50VHlwZSA9IE1FVF9GTE9BVApFbGVtZW50RGF0YUZpbGUgPSBMT0NBTAp4XhXBwUkDQQAF0FfKlmAH7s78g171qmAdIZC5\
                JuS8CeQyJAQsY49iDSIpQaxAfI9/7Z5h4m6iT7xPfBQ+C1+F78JP4bfwUHmsPFWeKy+V18pctblyqtqp0qvWK6sYV9HWsazDJsZN\
                tG30bSy7uO3CPoZ9mGOYYzzE2yHaMfox2jn6OZZL3C7hGsM1f0YlMZE=
                """),
        PeerFile(
            name: "itk u4 3-D.mha", writer: "SimpleITK 2.5.7", shape: [2, 3, 4], datatype: "uint32",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                T2JqZWN0VHlwZSA9IEltYWdlCk5EaW1zID0gMwpCaW5hcnlEYXRhID0gVHJ1ZQpCaW5hcnlEYXRhQnl0ZU9yZGVyTVNCID0gRmFs\
                c2UKQ29tcHJlc3NlZERhdGEgPSBGYWxzZQpUcmFuc2Zvcm1NYXRyaXggPSAwLjk1NTMzNjQ4OTEyNTYwNTk4IDAuMjk1NTIwMjA2\
                NjYxMzM5NTUgMCAtMC4yODk2Mjk0Nzc2MjU1MTU1NSAwLjkzNjI5MzM2MzU4NDE5OTIzIDAuMTk4NjY5MzMwNzk1MDYxMjIgMC4w\
                NTg3MTA4MDE2OTM4MjY1MTcgLTAuMTg5Nzk2MDYwOTc4Njg3NDMgMC45ODAwNjY1Nzc4NDEyNDE2MwpPZmZzZXQgPSAtMTAgMjAg\
                MzAuNQpDZW50ZXJPZlJvdGF0aW9uID0gMCAwIDAKQW5hdG9taWNhbE9yaWVudGF0aW9uID0gUkFJCkVsZW1lbnRTcGFjaW5nID0g\
                MS41IDIgMi41CkRpbVNpemUgPSAyIDMgNApFbGVtZW50VHlwZSA9IE1FVF9VSU5UCkVsZW1lbnREYXRhRmlsZSA9IExPQ0FMCgAA\
                AAABAAAACgAAAAsAAAAUAAAAFQAAAGQAAABlAAAAbgAAAG8AAAB4AAAAeQAAAMgAAADJAAAA0gAAANMAAADcAAAA3QAAACwBAAAt\
                AQAANgEAADcBAABAAQAAQQEAAA==
                """),
        PeerFile(
            name: "itk i8 packed 3-D.mha", writer: "SimpleITK 2.5.7", shape: [2, 2, 2], datatype: "int64",
            affine: [
                [-1.433004734, 0.579258955, -0.146777004, 10.0], [-0.44328031, -1.872586727, 0.474490152, -20.0],
                [0.0, 0.397338662, 2.450166445, 30.5],
            ],
            base64: """
                T2JqZWN0VHlwZSA9IEltYWdlCk5EaW1zID0gMwpCaW5hcnlEYXRhID0gVHJ1ZQpCaW5hcnlEYXRhQnl0ZU9yZGVyTVNCID0gRmFs\
                c2UKQ29tcHJlc3NlZERhdGEgPSBUcnVlCkNvbXByZXNzZWREYXRhU2l6ZSA9IDMwClRyYW5zZm9ybU1hdHJpeCA9IDAuOTU1MzM2\
                NDg5MTI1NjA1OTggMC4yOTU1MjAyMDY2NjEzMzk1NSAwIC0wLjI4OTYyOTQ3NzYyNTUxNTU1IDAuOTM2MjkzMzYzNTg0MTk5MjMg\
                MC4xOTg2NjkzMzA3OTUwNjEyMiAwLjA1ODcxMDgwMTY5MzgyNjUxNyAtMC4xODk3OTYwNjA5Nzg2ODc0MyAwLjk4MDA2NjU3Nzg0\
                MTI0MTYzCk9mZnNldCA9IC0xMCAyMCAzMC41CkNlbnRlck9mUm90YXRpb24gPSAwIDAgMApBbmF0b21pY2FsT3JpZW50YXRpb24g\
                PSBSQUkKRWxlbWVudFNwYWNpbmcgPSAxLjUgMiAyLjUKRGltU2l6ZSA9IDIgMiAyCkVsZW1lbnRUeXBlID0gTUVUX0xPTkdfTE9O\
                RwpFbGVtZW50RGF0YUZpbGUgPSBMT0NBTAp4XmNggABGKM0FpbmhdAqUToXSeVA6H0oDACRgAb0=
                """),
    ]
}
