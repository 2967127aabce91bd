import Imaging
import Review
import Testing

/// Orange or brighter in the hot map: more than 0.7 of the window.
private func isHot(_ color: Color) -> Bool {
    color.red > 220 && color.green > 80 && Int(color.blue) + 60 < Int(color.red)
}

private let leftPutamen: SIMD3<Double> = [-26, 4, 10]

private func options(_ convention: SlicePlane.Convention, pixelSize: Double? = nil) -> OverlayOptions {
    OverlayOptions(
        unit: "SUVR", window: 0...5, slices: 1,
        positions: [.axial: [10], .coronal: [4], .sagittal: [-26]], convention: convention, pixelSize: pixelSize)
}

@Test(arguments: ["RAS", "LAS"], [SlicePlane.Convention.radiological, .neurological])
func whatIsHotOnThePatientsLeftIsDrawnOnTheStatedSideAndPlace(
    orientation: String, convention: SlicePlane.Convention
) throws {
    let pet = try head(orientation: orientation, hot: [(leftPutamen, 9, 5)])
    let sheet = try Overlay.sheet(pet: pet, options: options(convention))
    #expect(sheet.panels.map(\.plane.orientation) == [.axial, .coronal, .sagittal])
    for panel in sheet.panels {
        let found = try #require(middle(of: panel, on: sheet.image, where: isHot))
        let expected = panel.plane.pixel(of: leftPutamen)
        // The letters at the edges are white, not hot; the sphere is round, so its middle is its centre.
        #expect(abs(found.x - expected.column) < 1 && abs(found.y - expected.row) < 1)
        let width = Double(panel.plane.width)
        switch panel.plane.orientation {
        case .axial, .coronal:
            #expect((found.x > width / 2) == (convention == .radiological))
            #expect(panel.plane.marks.right == (convention == .radiological ? "L" : "R"))
            #expect(panel.plane.marks.left == (convention == .radiological ? "R" : "L"))
        case .sagittal:
            #expect(found.x < width / 2, "4 mm anterior of the middle, and anterior is on the left")
            #expect((panel.plane.marks.left, panel.plane.marks.right) == ("A", "P"))
        }
        #expect(panel.plane.marks.top == (panel.plane.orientation == .axial ? "A" : "S"))
    }
}

@Test func twoGridsOfOnePatientMeetInWorldCoordinates() throws {
    let spot = [(center: leftPutamen, radius: 9.0, value: Float(5))]
    let (straight, flipped) = (try head(hot: spot), try head(orientation: "LAS", hot: spot))
    let wanted = options(.radiological)
    #expect(try Overlay.draw(pet: straight, options: wanted) == Overlay.draw(pet: flipped, options: wanted))
}

/// The 256 colours of the bar run over its height: its first row is the top of the window, its last the bottom.
@Test func theColourBarBeginsAndEndsWithTheWindow() throws {
    let pet = try head(hot: [(leftPutamen, 9, 5)])
    let sheet = try Overlay.sheet(pet: pet, options: options(.radiological))
    let bar = try #require(sheet.bars.first)
    let x = Int(bar.x + bar.width / 2)
    #expect(
        sheet.image[x, Int(bar.y) + 2] == ColorMap.hot[1] || near(sheet.image[x, Int(bar.y) + 2], ColorMap.hot[0.99]))
    #expect(near(sheet.image[x, Int(bar.bottom) - 3], ColorMap.hot[0.01]))
    // A voxel at the top of the window has the colour of the top of the bar.
    let panel = sheet.panels[0]
    let place = panel.plane.pixel(of: leftPutamen)
    #expect(sheet.image[panel.x + Int(place.column), panel.y + Int(place.row)] == ColorMap.hot[1])
}

/// Two levels per channel: the bar is stretched from 256 steps.
private func near(_ a: Color, _ b: Color, within limit: Int = 12) -> Bool {
    abs(Int(a.red) - Int(b.red)) <= limit && abs(Int(a.green) - Int(b.green)) <= limit
        && abs(Int(a.blue) - Int(b.blue)) <= limit
}

/// Pixels of 0.5 mm and a sphere of 12 mm in voxels of 2 mm: its border lies within a voxel's diagonal of the sphere.
@Test func anOutlineLiesOnTheBorderOfItsLabel() throws {
    let pet = try head()
    let names = LabelTable([1: .init(name: "Putamen left", color: [0, 255, 0])])
    let map = labels(pet.grid, [(leftPutamen, 12)], names)
    let sheet = try Overlay.sheet(pet: pet, labels: map, options: options(.radiological, pixelSize: 0.5))
    let panel = sheet.panels[0]
    var count = 0
    for y in 0..<panel.plane.height {
        for x in 0..<panel.plane.width where sheet.image[panel.x + x, panel.y + y] == Color(0, 255, 0) {
            let distance = norm(panel.plane.worldFromPixel([Double(x), Double(y), 0]) - leftPutamen)
            #expect(distance > 12 - 1.8 && distance < 12 + 1.8)
            count += 1
        }
    }
    // A circle of 12 mm has a circumference of 151 pixels of 0.5 mm; on square voxels it is up to 4/π longer.
    #expect(count > 140 && count < 200)
}

@Test func slicesAreFoundThroughTheMiddleOfTheLabels() throws {
    let pet = try head(hot: [([40, 40, 40], 6, 9)])
    let map = labels(pet.grid, [(leftPutamen, 12), ([26, 4, 10], 12)])
    var wanted = OverlayOptions(slices: 3)
    let both = try Overlay.sheet(pet: pet, labels: map, options: wanted).panels
    #expect(both.filter { $0.plane.orientation == .axial }.map(\.plane.position)[1] == 10)
    #expect(both.filter { $0.plane.orientation == .coronal }.map(\.plane.position)[1] == 4)
    #expect(both.filter { $0.plane.orientation == .sagittal }.map(\.plane.position)[1] == 0)
    wanted.outlined = [1]
    let left = try Overlay.sheet(pet: pet, labels: map, options: wanted).panels
    #expect(left.filter { $0.plane.orientation == .sagittal }.map(\.plane.position)[1] == -26)
}

@Test func withoutLabelsSlicesGoThroughWhatIsBrightest() throws {
    let pet = try head(hot: [(leftPutamen, 8, 9)])
    let panels = try Overlay.sheet(pet: pet, options: OverlayOptions(slices: 1)).panels
    // The middle of a box of voxels of 2 mm, on half millimetres.
    for (panel, expected) in zip(panels, [10.0, 4, -26]) { #expect(abs(panel.plane.position - expected) <= 1) }
}

@Test func grayCTShowsWhereThereIsNoUptake() throws {
    let pet = try head(hot: [(leftPutamen, 9, 5)])
    let cold = Volume(grid: pet.grid, voxels: pet.voxels.map { $0 == 5 ? 5 : 0 })
    let ct = Volume(grid: pet.grid, voxels: pet.voxels.map { $0 > 0 ? 30 : -1000 })
    var wanted = options(.radiological)
    (wanted.ctWindow, wanted.opacity) = (-40...100, 1)
    wanted.positions = [.axial: [10], .coronal: [4], .sagittal: [-26]]
    let map = labels(pet.grid, [([0, 0, 0], 70)])
    wanted.outlined = [1]
    let sheet = try Overlay.sheet(pet: cold, ct: ct, labels: map, options: wanted)
    let panel = sheet.panels[0]
    let brain = panel.plane.pixel(of: [40, -20, 10])
    // 30 HU lies half way between -40 and 100.
    #expect(sheet.image[panel.x + Int(brain.column), panel.y + Int(brain.row)] == Color(128, 128, 128))
    let hot = panel.plane.pixel(of: leftPutamen)
    #expect(sheet.image[panel.x + Int(hot.column), panel.y + Int(hot.row)] == ColorMap.hot[1])
}

@Test func theSamePictureComesOutTwice() throws {
    let pet = try head(hot: [(leftPutamen, 9, 5)])
    let map = labels(pet.grid, [(leftPutamen, 12)])
    #expect(try Overlay.draw(pet: pet, ct: pet, labels: map) == Overlay.draw(pet: pet, ct: pet, labels: map))
}

@Test func whatCannotBeDrawnIsNamed() throws {
    let pet = try head()
    let none = Volume(grid: pet.grid, repeating: 0)
    #expect(throws: OverlayError.noValues) { try Overlay.draw(pet: none) }
    #expect(throws: OverlayError.noValues) { try Overlay.draw(pet: Volume(grid: pet.grid, repeating: .nan)) }
    #expect(throws: OverlayError.noFrame(2, of: 1)) { try Overlay.draw(pet: pet, options: OverlayOptions(frame: 2)) }
    #expect(throws: OverlayError.noPlanes) { try Overlay.draw(pet: pet, options: OverlayOptions(planes: [])) }
    #expect(throws: OverlayError.noPlanes) { try Overlay.draw(pet: pet, options: OverlayOptions(slices: 0)) }
    #expect(throws: OverlayError.windowEmpty) { try Overlay.draw(pet: pet, options: OverlayOptions(window: 2...2)) }
    #expect {
        try Overlay.draw(pet: pet, options: OverlayOptions(pixelSize: 1e-5))
    } throws: { error in
        if case OverlayError.tooLarge = error { true } else { false }
    }
    let map = labels(pet.grid, [(leftPutamen, 12)])
    #expect(throws: OverlayError.labelMissing(7)) {
        try Overlay.draw(pet: pet, labels: map, options: OverlayOptions(outlined: [1, 7]))
    }
    #expect("\(OverlayError.labelMissing(7))" == "label 7 was asked for and is not in the label map")
}

/// The change alone is coloured: orange where uptake rose, blue where it fell, dark where it stayed.
@Test func aComparisonShowsWhereUptakeRoseAndFell() throws {
    let right: SIMD3<Double> = [26, 4, 10]
    let before = try head(hot: [(leftPutamen, 9, 3), (right, 9, 3)])
    let after = try head(hot: [(leftPutamen, 9, 4), (right, 9, 2)])
    var wanted = OverlayComparison.usualOptions
    (wanted.window, wanted.planes, wanted.slices, wanted.positions) = (0...5, [.axial], 1, [.axial: [10]])
    let sheet = try OverlayComparison.sheet(baseline: before, followUp: after, differenceLimit: 1, options: wanted)
    #expect(sheet.panels.map(\.row) == [0, 1, 2])
    func color(_ row: Int, _ world: SIMD3<Double>) -> Color {
        let panel = sheet.panels[row]
        let place = panel.plane.pixel(of: world)
        return sheet.image[panel.x + Int(place.column.rounded()), panel.y + Int(place.row.rounded())]
    }
    #expect(color(0, leftPutamen) == ColorMap.hot[0.6] && color(0, right) == ColorMap.hot[0.6])
    #expect(color(1, leftPutamen) == ColorMap.hot[0.8] && color(1, right) == ColorMap.hot[0.4])
    #expect(color(2, leftPutamen) == ColorMap.difference[1])
    #expect(color(2, right) == ColorMap.difference[0])
    #expect(color(2, [0, -40, 10]) == ColorMap.difference[0.5])
    #expect(sheet.bars.count == 2)
    #expect(
        try OverlayComparison.draw(baseline: before, followUp: after, differenceLimit: 1, options: wanted)
            == sheet.image)
}

@Test(arguments: [ColorMap.hot, .gray, .sea])
func aSequentialMapGetsLighterAtEveryStep(map: ColorMap) {
    for step in 1..<256 {
        #expect(map.table[step].luminance > map.table[step - 1].luminance - 0.0005)
    }
    #expect(map.table[255].luminance - map.table[0].luminance > 0.6)
}

@Test func theDifferenceMapIsDarkestAtZeroAndGetsLighterToBothEnds() {
    let map = ColorMap.difference.table
    for step in 1..<128 {
        #expect(map[127 - step].luminance > map[128 - step].luminance - 0.0005)
        #expect(map[128 + step].luminance > map[127 + step].luminance - 0.0005)
    }
}
